"""What every test may use: the guard against the outside, the flush, the sandbox, the browser.

The services come from tests/services.py, a plugin named in pyproject.toml.
"""

from __future__ import annotations

pytest_plugins = ["tests.outside", "tests.flush", "tests.sandbox_process", "tests.browsing", "tests.cast"]
