"""Edits on both sides, pushes and passes in random order: in the end both sides agree or a person is asked.

No value typed here is ever replaced by theirs before it was sent.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import unseal
from partnerportal.delivery import services
from partnerportal.delivery.models import Attempt
from partnerportal.records.models import Patient
from partnerportal.records.state import SyncState
from partnerportal.sync import conflicts
from tests.cast import Stage, make_enterprise, make_patient
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
    typed: dict[tuple[int, str], str] = {}
    for number in range(STEPS):
        _step(stage, chance, people, typed, number)
    pull(stage)
    _decide_all(stage, chance)
    for row in Patient.objects.filter(sync_state=SyncState.CHANGED_HERE):
        services.request_push(stage.context, row)
    stage.run()
    pull(stage)
    there = {record["id"]: record for record in stage.there()}
    for row in Patient.objects.all():
        assert (row.sync_state, row.wire.changed_there(row)) == (SyncState.IN_SYNC, [])
        for name in FIELDS:
            form = row.wire.attribute(name).form
            assert form(getattr(row, name)) == form(there[row.remote_id][name])
    _nothing_typed_was_lost(typed)


def _step(
    stage: Stage, chance: random.Random, people: list[Patient], typed: dict[tuple[int, str], str], number: int
) -> None:
    row = Patient.objects.get(pk=chance.choice(people).pk)
    name, what = chance.choice(FIELDS), chance.random()
    if what < 0.4:
        value = f"here{number}@example.com" if name == "email" else f"Here {number}"
        setattr(row, name, value)
        row.version += 1
        row.save()
        typed[row.pk, name] = value
    elif what < 0.8:
        edit(stage, row, **{name: f"there{number}@example.com" if name == "email" else f"There {number}"})
    elif what < 0.9:
        if row.dirty:
            services.request_push(stage.context, row)
            stage.run()
    else:
        pull(stage, full=chance.random() < 0.5)


def _decide_all(stage: Stage, chance: random.Random) -> None:
    for row in Patient.objects.filter(sync_state=SyncState.CONFLICT):
        choices = {name: chance.choice((conflicts.OURS, conflicts.THEIRS)) for name in row.conflicts}
        conflicts.decide(stage.context, "patient", row.pk, choices, "drawn by lot", conflicts.stamp(row))


def _nothing_typed_was_lost(typed: dict[tuple[int, str], str]) -> None:
    """The last value typed into each field still stands, was sent, or a person chose the other one."""
    sent: dict[tuple[int, str], set[Any]] = {}
    for attempt in Attempt.objects.select_related("delivery"):
        for name, value in attempt.payload.items():
            sent.setdefault((attempt.delivery.record_id, name), set()).add(value)
    decided = _decided()
    for (pk, name), value in typed.items():
        now = getattr(Patient.objects.get(pk=pk), name)
        assert now == value or value in sent.get((pk, name), set()) or value in decided.get((pk, name), set())


def _decided() -> dict[tuple[int, str], set[Any]]:
    """What of ours a person gave up, from the audit alone."""
    found: dict[tuple[int, str], set[Any]] = {}
    for entry in Entry.objects.filter(action="patient_conflict_decided"):
        for name, told in unseal(entry.data_key, entry.content)["decided"].items():
            if told["kept"] == "theirs":
                found.setdefault((entry.patient or 0, name), set()).add(told["ours"])
    return found
