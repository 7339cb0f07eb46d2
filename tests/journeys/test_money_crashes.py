"""A worker is killed with -9 while money is on its way: none twice, none missing, each balance agreed."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from tests.journeys.money_scenes import MONEY_SCENES, crashes
from tests.journeys.scenes import FAULTS

# A mark of pytest-django: without it there would be no database to copy.
pytestmark = pytest.mark.django_db
ALL = crashes(1)
# Of each creating scene one point, another one each time.
SHORT = [
    [crash for crash in ALL if crash[0] == name][number % len(scene.points)]
    for number, (name, scene) in enumerate(MONEY_SCENES.items())
    if scene.operation.endswith((".create", ".payments"))
]
REST = [crash for number, crash in enumerate(ALL) if crash not in SHORT and number % 4 == 1]
MORE = [crash for crash in crashes(len(FAULTS)) if crash not in SHORT + REST]
Journeys = dict[tuple[str, ...], Future[list[str]]]


@pytest.mark.parametrize("loss", SHORT, ids=" · ".join)
def test_no_amount_is_there_twice_or_missing(money_journeys: Journeys, loss: tuple[str, ...]) -> None:
    assert money_journeys[loss].result() == []


@pytest.mark.long
@pytest.mark.parametrize("loss", REST, ids=" · ".join)
def test_nor_wherever_else_the_worker_dies(money_journeys: Journeys, loss: tuple[str, ...]) -> None:
    assert money_journeys[loss].result() == []


@pytest.mark.soak
@pytest.mark.parametrize("loss", MORE, ids=" · ".join)
def test_nor_under_any_other_fault(money_journeys: Journeys, loss: tuple[str, ...]) -> None:
    assert money_journeys[loss].result() == []
