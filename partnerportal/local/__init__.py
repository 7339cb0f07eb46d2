"""Local mode: what `make demo`, the tests and manage.py need on a machine that has no services.

Starts PostgreSQL and Valkey under DATA_DIR and runs the demo. No other package imports this one.
"""
