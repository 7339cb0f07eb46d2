"""A worker is killed with -9 at each crash point, under each fault; afterwards all is there, once."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from partnerportal.kernel.crash import POINTS
from tests.journeys.scenes import FAULTS, SCENES

ALL = [
    (scene.name, point, fault)
    for scene in SCENES.values()
    for point in scene.points
    for fault in FAULTS
    if fault not in scene.without
]


def _short() -> list[tuple[str, str, str]]:
    """Each point of the path once, in the scene where it first appears, each under another fault."""
    chosen: dict[str, tuple[str, str, str]] = {}
    steps = ((scene.name, point) for scene in SCENES.values() for point in scene.points)
    for number, (scene, point) in enumerate(steps):
        faults = [fault for fault in FAULTS if fault not in SCENES[scene].without]
        chosen.setdefault(point.partition(":")[0], (scene, point, faults[(number + 5) % len(faults)]))
    return list(chosen.values())


# A mark of pytest-django: without it there would be no database to copy.
pytestmark = pytest.mark.django_db
SHORT = _short()
REST = [crash for crash in ALL if crash not in SHORT]
Journeys = dict[tuple[str, str, str], Future[list[str]]]


@pytest.mark.parametrize("crash", SHORT, ids=" · ".join)
def test_a_worker_that_dies_there_leaves_nothing_twice_missing_or_stuck(
    journeys: Journeys, crash: tuple[str, str, str]
) -> None:
    assert journeys[crash].result() == []


@pytest.mark.long
@pytest.mark.parametrize("crash", REST, ids=" · ".join)
def test_nor_under_any_other_fault(journeys: Journeys, crash: tuple[str, str, str]) -> None:
    assert journeys[crash].result() == []


def test_every_crash_point_that_the_code_names_has_its_journey() -> None:
    assert {point.partition(":")[0] for _, point, _ in SHORT} == set(POINTS)
