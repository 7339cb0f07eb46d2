"""What every test may use: the guard against the outside, the sandbox, the browser. Services: tests/services.py."""

from __future__ import annotations

pytest_plugins = ["tests.outside", "tests.flush", "tests.sandbox_process", "tests.browsing"]
