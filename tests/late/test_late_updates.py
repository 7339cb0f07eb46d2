"""An update lands later than D, after a newer one was accepted: a conflict, and nobody's edit."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Endpoint
from tests.cast import Stage
from tests.late.scene import (
    UPDATES,
    asked,
    by_pull,
    changed_twice,
    landed,
    look_once_more,
    told_of,
    values_of,
)
from tests.webhooks.post import endpoint

__all__ = ["endpoint"]
TOLD = tuple(noun for noun in UPDATES if noun not in ("payment_reason", "account_type"))


def ours_stands_and_a_person_is_asked(stage: Stage, row: Any) -> None:
    attribute, column, _ = UPDATES[row.noun]
    first, second = values_of(row.noun)
    row.refresh_from_db()
    assert [one[attribute] for one in stage.there(row.wire.resource) if one["id"] == row.remote_id] == [first]
    assert getattr(row, column) == second
    assert (row.conflicts, row.sync_state) == ([attribute], "conflict")
    assert asked(stage) == 1


@pytest.mark.parametrize("noun", UPDATES)
def test_a_pull_finds_it(stage: Stage, noun: str) -> None:
    row = changed_twice(stage, noun)
    landed(stage)
    by_pull(stage)
    ours_stands_and_a_person_is_asked(stage, row)


@pytest.mark.parametrize("noun", TOLD)
def test_an_event_tells_of_it(stage: Stage, endpoint: Endpoint, noun: str) -> None:
    row = changed_twice(stage, noun)
    landed(stage)
    (there,) = [one for one in stage.there(row.wire.resource) if one["id"] == row.remote_id]
    told_of(endpoint, row, there, "updated")
    ours_stands_and_a_person_is_asked(stage, row)


@pytest.mark.parametrize("noun", UPDATES)
def test_the_confirming_look_finds_it(stage: Stage, noun: str) -> None:
    row = changed_twice(
        stage,
        noun,
        until=lambda: not Delivery.objects.filter(noun=noun, state__in=Delivery.OPEN).exists(),
    )
    landed(stage)
    look_once_more(stage)
    ours_stands_and_a_person_is_asked(stage, row)
