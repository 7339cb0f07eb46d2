"""Fixtures of the journeys: one yard for the session, and all chosen journeys run side by side at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.journeys import money_scenes
from tests.journeys.scenes import SCENES, journey
from tests.journeys.turned import turned
from tests.journeys.yard import Services, Yard

SLOTS = 10  # journeys mostly wait: for leases to end, for D to pass
Chosen = tuple[str, ...]
Journeys = dict[Chosen, Future[list[str]]]


@pytest.fixture(scope="session")
def yard(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Yard]:
    with django_db_blocker.unblock():
        made = Yard(Services.of_the_tests(), tmp_path_factory.mktemp("yard"), SLOTS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def journeys(
    request: pytest.FixtureRequest, yard: Yard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journeys]:
    """The crash journeys chosen for this run, started together; each test waits for its own."""
    folder = tmp_path_factory.mktemp("marks")

    def run(crash: Chosen) -> list[str]:
        scene, point, fault = crash
        with yard.slot(scene, SCENES[scene].before) as slot:
            return journey(slot, SCENES[scene], point, fault, folder)

    yield from _together(request, "crash", run)


@pytest.fixture(scope="session")
def money_journeys(
    request: pytest.FixtureRequest, yard: Yard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journeys]:
    """The same for money."""
    folder = tmp_path_factory.mktemp("losses")

    def run(loss: Chosen) -> list[str]:
        scene, point, fault = loss
        chosen = money_scenes.MONEY_SCENES[scene]
        with yard.slot(scene, chosen.before) as slot:
            return money_scenes.journey(slot, chosen, point, fault, folder)

    yield from _together(request, "loss", run)


@pytest.fixture(scope="session")
def turns(request: pytest.FixtureRequest, yard: Yard) -> Iterator[Journeys]:
    """The same for journeys with one assumption turned."""

    def run(switch: Chosen) -> list[str]:
        with yard.slot() as slot:
            return turned(slot, *switch)

    yield from _together(request, "switch", run)


def _together(
    request: pytest.FixtureRequest, parameter: str, run: Callable[[Chosen], list[str]]
) -> Iterator[Journeys]:
    chosen = dict.fromkeys(
        item.callspec.params[parameter]
        for item in request.session.items
        if isinstance(item, pytest.Function) and parameter in getattr(item, "callspec", _NONE).params
    )
    with ThreadPoolExecutor(SLOTS) as pool:
        yield {one: pool.submit(run, one) for one in chosen}
        pool.shutdown(cancel_futures=True)


class _NONE:
    params: dict[str, Any] = {}
