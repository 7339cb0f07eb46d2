"""Browser tests: Debian's Chromium for pytest-playwright; skipped where none is, unless REQUIRE_BROWSER=1."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str | None:
    """The browser's program, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    return None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": QUIET}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that asks for a page is a browser test; without a browser it is skipped."""
    wanting = [item for item in items if "page" in getattr(item, "fixturenames", ())]
    for item in wanting:
        item.add_marker(pytest.mark.browser)
    if chromium() is None and os.environ.get("REQUIRE_BROWSER") != "1":
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason="no Chromium found (REQUIRE_BROWSER=1 makes this fail)"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium() is None:
        pytest.fail("REQUIRE_BROWSER=1, and no Chromium was found", pytrace=False)
