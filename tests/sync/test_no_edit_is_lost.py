"""Edits on both sides, pushes and passes in random order: in the end both sides agree or a person is asked.

No value typed here is ever replaced by theirs before it was sent, and none typed there by ours before it was
known here.
"""

from __future__ import annotations

import random

import pytest

from partnerportal.delivery import services
from partnerportal.records.models import Patient
from partnerportal.records.state import SyncState
from partnerportal.sync import conflicts
from tests.cast import Stage, make_enterprise, make_patient
from tests.sync.nothing_lost import Typed
from tests.sync.scene import edit, pull, tie

FIELDS = ("city", "email", "marital_status")
STEPS = 60


@pytest.mark.parametrize("seed", [1, 2])
def test_both_sides_agree_or_a_person_is_asked(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    elm = make_enterprise()
    tie(stage, elm)
    people = [make_patient(elm, city="Start", email="start@example.com") for _ in range(6)]
    tie(stage, *people)
    typed = Typed()
    for number in range(STEPS):
        _step(stage, chance, people, typed, number)
    pull(stage)
    decide_all(stage, chance)
    _push_all(stage)
    pull(stage)
    there = {record["id"]: record for record in stage.there()}
    for row in Patient.objects.all():
        assert (row.sync_state, row.wire.changed_there(row)) == (SyncState.IN_SYNC, [])
        for name in FIELDS:
            form = row.wire.attribute(name).form
            assert form(getattr(row, name)) == form(there[row.remote_id][name])
    typed.check(stage.there())


def _step(stage: Stage, chance: random.Random, people: list[Patient], typed: Typed, number: int) -> None:
    row = Patient.objects.get(pk=chance.choice(people).pk)
    name, what = chance.choice(FIELDS), chance.random()
    if what < 0.4:
        value = f"here{number}@example.com" if name == "email" else f"Here {number}"
        setattr(row, name, value)
        row.version += 1
        row.save()
        typed.here[row.pk, name] = value
    elif what < 0.75:
        value = f"there{number}@example.com" if name == "email" else f"There {number}"
        edit(stage, row, **{name: value})
        typed.there[row.pk, name] = value
    elif what < 0.9:
        _push_all(stage)
    else:
        pull(stage, full=chance.random() < 0.5)


def _push_all(stage: Stage) -> None:
    for row in Patient.objects.filter(sync_state=SyncState.CHANGED_HERE):
        services.request_push(stage.context, row)
    stage.run()


def decide_all(stage: Stage, chance: random.Random) -> None:
    """Each conflict by lot."""
    for row in Patient.objects.filter(sync_state=SyncState.CONFLICT):
        choices = {name: chance.choice((conflicts.OURS, conflicts.THEIRS)) for name in row.conflicts}
        conflicts.decide(stage.context, "patient", row.pk, choices, "drawn by lot", conflicts.stamp(row))
