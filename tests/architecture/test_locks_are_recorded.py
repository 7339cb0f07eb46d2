"""The recorder of locks sees what breaks the order: each rule of records/locks is broken on purpose once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from partnerportal.delivery import holding
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.records import locks
from partnerportal.records.models import Enterprise, Patient
from tests import locks_taken
from tests.cast import Stage, make_enterprise, make_patient
from tests.locks_taken import RECORDER


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the recorder says of this test, which then passes all the same."""
    said: list[str] = []
    monkeypatch.setattr(RECORDER, "broken", said)
    monkeypatch.setattr(locks_taken, "OURS", "/tests/architecture/")
    yield said
    said.clear()


@pytest.fixture
def two(stage: Stage) -> tuple[Patient, Patient]:
    enterprise = make_enterprise()
    return make_patient(enterprise), make_patient(enterprise)


def _higher_first(one: Patient, other: Patient) -> None:
    locks.ids(Patient.objects.filter(pk=other.pk))
    locks.ids(Patient.objects.filter(pk=one.pk))


def _child_first(one: Patient, other: Patient) -> None:
    locks.fresh(one)
    locks.fresh(one.enterprise)


def _delivery_first(one: Patient, other: Patient) -> None:
    locks.ids(Delivery.objects.all())
    locks.fresh(one)


def _many_at_once(one: Patient, other: Patient) -> None:
    Patient.objects.update(city="Boston")


def _saved_after_its_delivery(one: Patient, other: Patient) -> None:
    locks.ids(Delivery.objects.all())
    one.save()


def _deleted_after_a_higher_one(one: Patient, other: Patient) -> None:
    locks.fresh(other)
    Patient.objects.filter(pk=one.pk).delete()


@pytest.mark.parametrize(
    "act",
    [
        _higher_first, _child_first, _delivery_first, _many_at_once, _saved_after_its_delivery,
        _deleted_after_a_higher_one,
    ],
)  # fmt: skip
def test_what_breaks_the_order_is_told(
    stage: Stage, two: tuple[Patient, Patient], broken: list[str], act: Callable[[Any, Any], None]
) -> None:
    request_push(stage.context, two[1])
    assert broken == []
    with transaction.atomic():
        act(*two)
    assert broken, "the recorder saw nothing"


def test_what_keeps_the_order_is_not(stage: Stage, two: tuple[Patient, Patient], broken: list[str]) -> None:
    request_push(stage.context, two[0])
    seen = RECORDER.seen
    with transaction.atomic():
        locks.fresh(Enterprise.objects.get())
        rows = [holding.held(row) for row in two]
        holding.deliveries(*rows)
        rows[0].save()
        locks.ids(Patient.objects.all(), skip_locked=True)
    assert broken == []
    assert RECORDER.seen > seen
