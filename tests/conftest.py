"""What every test may use: the guard against the outside, the flush, the sandbox, the browser.

The services come from tests/services.py, a plugin named in pyproject.toml.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

pytest_plugins = [
    "tests.outside",
    "tests.owner",
    "tests.flush",
    "tests.sandbox_process",
    "tests.browsing",
    "tests.cast",
    "tests.locks_taken",
]


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """What a hash costs is no test's matter, and a third of what the console's tests would take."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
