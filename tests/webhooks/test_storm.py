"""A storm: changes there, each event several times, shuffled, some never sent, some forged, old ones again.

After it and one full pass each record is as it is there, each effect is there once, nothing forged is stored,
and no edit made here is lost without a person. 300 changes in `make test`, more in the longer ones.
"""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any

import pytest

from partnerportal.audit.models import Entry
from partnerportal.records.models import Patient
from partnerportal.webhooks import process
from partnerportal.webhooks.models import Event, Refusal
from tests.cast import make_enterprise, make_patient
from tests.sync.scene import pull, tie
from tests.webhooks.scene import Channel, channel

__all__ = ["channel"]
PATIENTS = 20
THERE = ("city", "address_line_1", "email")  # what is changed there; here the middle name is
CHANGED = (*THERE, "middle_name")


@pytest.mark.parametrize(
    ("changes", "seed"),
    [
        (300, 1),
        pytest.param(1500, 2, marks=pytest.mark.long),
        *[pytest.param(5000, seed, marks=pytest.mark.soak) for seed in range(3, 23)],
    ],
)
def test_after_a_storm_and_a_full_pass_mirror_and_sandbox_are_one(
    channel: Channel, changes: int, seed: int
) -> None:
    chance, patients = Random(seed), _patients(channel)
    _script(channel, seed)
    edited = _changes(channel, patients, changes, chance)
    channel.stage.sandbox.admin("DELETE", "faults")
    channel.stage.sandbox.admin("POST", "events/replay", {"older_by": 31_536_000, "window": 1.0})
    _all_in(channel)
    assert not any('"forged"' in row.body for row in Event.objects.iterator())
    assert Refusal.objects.exists()
    assert not Event.objects.filter(state__in=("failed", "waiting")).exists()
    pull(channel.stage, seconds=120)
    _as_there(channel, edited)
    _each_effect_once()


def _patients(channel: Channel) -> list[Patient]:
    enterprise = make_enterprise()
    tie(channel.stage, enterprise)
    patients = [make_patient(enterprise, city="Start") for _ in range(PATIENTS)]
    tie(channel.stage, *patients)
    return patients


def _script(channel: Channel, seed: int) -> None:
    fault = channel.stage.sandbox.fault
    fault(kind="event_lose", operation="patient_*", probability=0.2, seed=seed)
    fault(kind="event_repeat", operation="patient_*", copies=4, probability=0.5, seed=seed + 1)
    fault(kind="event_shuffle", operation="patient_*", window=3.0, seed=seed + 2)
    fault(kind="event_forge", operation="patient_*", probability=0.02, seed=seed + 3)


def _changes(channel: Channel, patients: list[Patient], number: int, chance: Random) -> set[int]:
    """Somebody there edits cities, we edit a name here now and then, and events are worked off meanwhile."""
    edited: set[int] = set()
    for turn in range(number):
        patient = chance.choice(patients)
        values = {chance.choice(THERE): f"v{turn}@example.com"}
        channel.change_there(patient, **values)
        if turn % 40 == 20:
            edited.add(_edit_here(chance.choice(patients), turn))
        if turn % 25 == 0:
            process.drive(0.5)
    return edited


def _edit_here(patient: Patient, turn: int) -> int:
    row = Patient.objects.get(pk=patient.pk)
    row.middle_name = f"Mid{turn}"
    row.version += 1
    row.save()
    return row.pk


def _all_in(channel: Channel, seconds: float = 120.0) -> None:
    """Until the sandbox has nothing left to send and nothing waits here."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        process.drive(2.0)
        left = channel.stage.sandbox.admin("GET", "state")["events"].get("pending", 0)
        if not left and not process.is_due() and not Event.objects.filter(state="waiting").exists():
            return
        time.sleep(0.1)
    raise AssertionError("events are still on their way")


def _as_there(channel: Channel, edited: set[int]) -> None:
    there: dict[int, dict[str, Any]] = {row["id"]: row for row in channel.stage.there()}
    for row in Patient.objects.all():
        twin = there[row.remote_id]
        ours, form = row.wire.values(row), row.wire.attribute
        differing = {name for name in CHANGED if form(name).form(twin[name]) != ours[name]}
        assert differing == ({"middle_name"} if row.pk in edited else set()), (row.pk, differing)
        assert row.sync_state == ("changed_here" if row.pk in edited else "in_sync")


def _each_effect_once() -> None:
    """A value that was taken over is taken from no second event: was and now always differ."""
    taken = Event.objects.filter(state="applied")
    for row in taken:
        assert all(one["was"] != one["now"] for one in (row.changes or {}).values()), json.dumps(row.changes)
    assert Entry.objects.filter(action="patient_merged").count() >= taken.count()
    assert Event.objects.count() == len(set(Event.objects.values_list("event_key", flat=True)))
