"""A create lands later than D, after it was sent again: the second record there goes to a person."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_reading
from partnerportal.records.models import RECORDS, Endpoint
from partnerportal.sync import differences
from tests.cast import Stage, make_patient
from tests.late.scene import (
    CREATES,
    asked,
    by_pull,
    hold_back,
    landed,
    look_once_more,
    push,
    sent_twice,
    told_of,
    until_delivered,
)
from tests.sync.scene import pull
from tests.webhooks.post import endpoint

__all__ = ["endpoint"]
LISTED = tuple(noun for noun in CREATES if noun != "payment_adjustment")
TOLD = tuple(noun for noun in CREATES if noun not in ("payment_reason", "write_off_code", "account_type"))


def second(stage: Stage, row: Any) -> dict[str, Any]:
    floor = Delivery.objects.filter(noun=row.noun, record_id=row.pk).order_by("pk")[0].floor or 0
    (found,) = [r for r in stage.there(row.wire.resource) if r["id"] != row.remote_id and r["id"] > floor]
    return found


def one_is_asked_about(stage: Stage, row: Any, before: int) -> None:
    assert asked(stage) == 1
    assert RECORDS[row.noun].objects.count() == before
    for noun in differences.counts(stage.operator)[differences.ONLY_THERE]:
        assert noun != row.noun


@pytest.mark.parametrize("noun", LISTED)
def test_a_pull_finds_it(stage: Stage, noun: str) -> None:
    row = sent_twice(stage, CREATES[noun](stage))
    pull(stage)
    assert asked(stage) == 0
    before = RECORDS[noun].objects.count()
    landed(stage)
    second(stage, row)
    by_pull(stage)
    one_is_asked_about(stage, row, before)
    by_pull(stage)
    one_is_asked_about(stage, row, before)


@pytest.mark.parametrize("noun", TOLD)
def test_an_event_tells_of_it(stage: Stage, endpoint: Endpoint, noun: str) -> None:
    row = sent_twice(stage, CREATES[noun](stage))
    before = RECORDS[noun].objects.count()
    landed(stage)
    told_of(endpoint, row, second(stage, row), "created")
    one_is_asked_about(stage, row, before)


@pytest.mark.parametrize("noun", CREATES)
def test_the_confirming_look_finds_it(stage: Stage, noun: str) -> None:
    row = CREATES[noun](stage)
    hold_back(stage, row, "create")
    until_delivered(stage, row)
    before = RECORDS[noun].objects.count()
    landed(stage)
    look_once_more(stage)
    one_is_asked_about(stage, row, before)


def test_the_look_for_another_create_finds_it(stage: Stage) -> None:
    row: Any = sent_twice(stage, CREATES["patient"](stage))
    landed(stage)
    other = make_patient(row.enterprise)
    stage.sandbox.fault(kind="drop_before", operation="patients.create", count=1)
    push(stage, other)
    assert asked(stage) == 1


def test_reading_what_is_there_first_finds_it(stage: Stage) -> None:
    row: Any = sent_twice(stage, CREATES["patient"](stage))
    landed(stage)
    request_reading(stage.context, row.enterprise, Delivery.Kind.MATCH)
    stage.run()
    assert asked(stage) == 1
