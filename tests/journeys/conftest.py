"""Fixtures of the journeys: one yard for the session, and all chosen journeys run side by side at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.scenes import SCENES, journey
from tests.journeys.yard import Yard

SLOTS = 10  # journeys mostly wait: for leases to end, for D to pass


@pytest.fixture(scope="session")
def yard(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Yard]:
    with django_db_blocker.unblock():
        made = Yard(tmp_path_factory.mktemp("yard"), SLOTS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def journeys(
    request: pytest.FixtureRequest, yard: Yard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str, str], Future[list[str]]]]:
    """The crash journeys chosen for this run, started together; each test waits for its own."""
    folder = tmp_path_factory.mktemp("marks")
    chosen = dict.fromkeys(
        item.callspec.params["crash"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec") and "crash" in item.callspec.params
    )
    with ThreadPoolExecutor(SLOTS) as pool:
        yield {crash: pool.submit(_run, yard, crash, folder) for crash in chosen}
        pool.shutdown(cancel_futures=True)


def _run(yard: Yard, crash: tuple[str, str, str], folder: Path) -> list[str]:
    scene, point, fault = crash
    with yard.slot() as slot:
        return journey(slot, SCENES[scene], point, fault, folder)
