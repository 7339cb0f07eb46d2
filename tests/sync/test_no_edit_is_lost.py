"""Edits on both sides, pushes and passes in random order: in the end both sides agree or a person is asked.

No value typed here is ever replaced by theirs before it was sent, and none typed there by ours before it was
known here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
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
    typed, typed_there = dict[tuple[int, str], str](), dict[tuple[int, str], str]()
    for number in range(STEPS):
        _step(stage, chance, people, typed, typed_there, number)
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
    _nothing_typed_there_was_lost(typed_there, there)


def _step(
    stage: Stage,
    chance: random.Random,
    people: list[Patient],
    typed: dict[tuple[int, str], str],
    typed_there: dict[tuple[int, str], str],
    number: int,
) -> None:
    row = Patient.objects.get(pk=chance.choice(people).pk)
    name, what = chance.choice(FIELDS), chance.random()
    if what < 0.4:
        value = f"here{number}@example.com" if name == "email" else f"Here {number}"
        setattr(row, name, value)
        row.version += 1
        row.save()
        typed[row.pk, name] = value
    elif what < 0.75:
        value = f"there{number}@example.com" if name == "email" else f"There {number}"
        edit(stage, row, **{name: value})
        typed_there[row.pk, name] = value
    elif what < 0.9:
        for dirty in Patient.objects.exclude(dirty=[]).exclude(sync_state=SyncState.CONFLICT):
            services.request_push(stage.context, dirty)
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


def _nothing_typed_there_was_lost(
    typed: dict[tuple[int, str], str], there: dict[int, dict[str, Any]]
) -> None:
    """The last value typed there still stands, or it was taken in here or shown to a person before ours."""
    known = _theirs_known()
    for (pk, name), value in typed.items():
        stands = there[Patient.objects.get(pk=pk).remote_id or 0][name] == value
        assert stands or value in known.get((pk, name), set()), (pk, name, value)


def _decided() -> dict[tuple[int, str], set[Any]]:
    """What of ours a person gave up, from the audit alone."""
    found: dict[tuple[int, str], set[Any]] = {}
    for patient, decided in _details("patient_conflict_decided", "decided"):
        for name, told in decided.items():
            if told["kept"] == "theirs":
                found.setdefault((patient, name), set()).add(told["ours"])
    return found


def _theirs_known() -> dict[tuple[int, str], set[Any]]:
    """What of theirs was taken into ours, or decided about, from the audit alone."""
    found: dict[tuple[int, str], set[Any]] = {}
    for patient, decided in _details("patient_conflict_decided", "decided"):
        for name, told in decided.items():
            found.setdefault((patient, name), set()).add(told["theirs"])
    for patient, taken in _details("patient_merged", "taken"):
        for name, told in taken.items():
            found.setdefault((patient, name), set()).add(told["now"])
    return found


def _details(action: str, part: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for entry in Entry.objects.filter(action=action):
        yield entry.patient or 0, unseal(entry.data_key, entry.content)[part]
