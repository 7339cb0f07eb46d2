"""A storm: changes there, each event several times, shuffled, some never sent, some forged, old ones again.

Meanwhile people edit here and push, and web server and worker are killed and started again. After it and one
full pass each record is as it is there, each effect is there once, nothing forged is stored, what was
answered with 200 is kept, and no edit of either side is lost without a person.

Nobody edits there while our update of the same patient is on its way: the API can't make an update depend on
what it replaces, so no portal could notice an edit between the look and the update.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import transaction

from partnerportal.audit.models import Entry
from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.delivery.sweep import sweep
from partnerportal.kernel import dispatch
from partnerportal.local.ports import free_port
from partnerportal.records.models import Patient
from partnerportal.records.state import SyncState
from partnerportal.webhooks import endpoints
from partnerportal.webhooks.bell import DRIVE
from partnerportal.webhooks.event_types import USUAL
from partnerportal.webhooks.models import Event, Refusal
from partnerportal.webhooks.verification import book
from tests.cast import Stage, make_enterprise, make_patient
from tests.sync.nothing_lost import Typed
from tests.sync.scene import edit, pull, tie
from tests.sync.test_no_edit_is_lost import decide_all
from tests.webhooks.programs import Programs

PATIENTS = 20
FIELDS = ("city", "email", "middle_name", "address_line_1")


@dataclass
class Storm:
    """What goes on, by lot."""

    stage: Stage
    programs: Programs
    chance: Random
    patients: list[Patient] = field(default_factory=list)
    typed: Typed = field(default_factory=Typed)

    def rage(self, changes: int) -> None:
        """Each program is killed twice, once while the other is down, and comes back a while later."""
        deaths = {changes * part // 10: part for part in range(1, 9)}
        for turn in range(changes):
            self._change_there(turn)
            if turn % 8 == 3:
                self._edit_here(turn)
            if turn in deaths:
                self._kill_or_start(deaths[turn])
            if turn % 25 == 0:
                self.ring()

    def _kill_or_start(self, part: int) -> None:
        if part in (1, 5):
            self.programs.kill("web")
        elif part in (2, 6):
            self.programs.kill("worker")
        elif part in (3, 7):
            self.programs.start("web", "worker")
            self.programs.until_web_answers()
            self.ring()

    def _change_there(self, turn: int) -> None:
        row = self.chance.choice(self.patients)
        while Delivery.objects.filter(noun="patient", record_id=row.pk, state__in=Delivery.OPEN).exists():
            self.ring()
            row = self.chance.choice(self.patients)
        name = self.chance.choice(FIELDS)
        edit(self.stage, row, **{name: f"there{turn}@example.com"})
        self.typed.there[row.pk, name] = f"there{turn}@example.com"

    def _edit_here(self, turn: int) -> None:
        pk, name = self.chance.choice(self.patients).pk, self.chance.choice(FIELDS)
        with transaction.atomic():
            row = locks.record("patient", pk)
            setattr(row, name, f"here{turn}@example.com")
            row.version += 1
            row.save()
            self.typed.here[pk, name] = f"here{turn}@example.com"
            if self.chance.random() < 0.5:
                request_push(self.stage.context, row)

    def ring(self) -> None:
        """What the schedule does every few seconds."""
        sweep()
        dispatch.ring_now(DRIVE, queue="background")

    def pass_over(self, seconds: float = 180.0) -> None:
        """Until nothing is to be sent there, and nothing is open here but what waits for a person."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.ring()
            left = self.stage.sandbox.admin("GET", "state")["events"].get("pending", 0)
            if not left and not Event.objects.filter(state="waiting").exists() and not self.stage.open():
                return
            time.sleep(0.3)
        waiting = list(Event.objects.filter(state="waiting").values_list("event_type", "reason"))
        raise AssertionError((left, waiting, list(self.stage.open().values_list("kind", "state", "reason"))))


@pytest.fixture
def storm(stage: Stage, settings: Any, tmp_path: Path) -> Iterator[Storm]:
    port = free_port()
    settings.PUBLIC_URL = f"http://127.0.0.1:{port}"
    book.forget()
    with Programs(port, tmp_path / "log") as programs:
        programs.start("web", "worker")
        programs.until_web_answers()
        endpoints.register(stage.context, USUAL)
        stage.run()
        yield Storm(stage, programs, Random(0), _patients(stage))
    book.forget()


@pytest.mark.parametrize(
    ("changes", "seed"),
    [
        (300, 1),
        pytest.param(1500, 2, marks=pytest.mark.long),
        *[pytest.param(5000, seed, marks=pytest.mark.soak) for seed in range(3, 23)],
    ],
)
@pytest.mark.timeout(900)
def test_after_a_storm_and_a_full_pass_mirror_and_sandbox_are_one(
    storm: Storm, changes: int, seed: int
) -> None:
    storm.chance = Random(seed)
    _script(storm.stage, seed)
    storm.rage(changes)
    storm.stage.sandbox.admin("DELETE", "faults")
    storm.stage.sandbox.admin("POST", "events/replay", {"older_by": 31_536_000, "window": 1.0})
    storm.pass_over()
    _nothing_forged_and_nothing_acknowledged_is_missing(storm.stage)
    pull(storm.stage, seconds=120)
    _as_there(storm.stage)
    _each_effect_once()
    _in_the_end_both_agree(storm)


def _patients(stage: Stage) -> list[Patient]:
    enterprise = make_enterprise()
    tie(stage, enterprise)
    patients = [make_patient(enterprise, city="Start") for _ in range(PATIENTS)]
    tie(stage, *patients)
    return patients


def _script(stage: Stage, seed: int) -> None:
    fault = stage.sandbox.fault
    fault(kind="event_lose", operation="patient_*", probability=0.2, seed=seed)
    fault(kind="event_repeat", operation="patient_*", copies=4, probability=0.5, seed=seed + 1)
    fault(kind="event_shuffle", operation="patient_*", window=3.0, seed=seed + 2)
    fault(kind="event_forge", operation="patient_*", probability=0.01, seed=seed + 3)


def _nothing_forged_and_nothing_acknowledged_is_missing(stage: Stage) -> None:
    assert not any('"forged"' in row.body for row in Event.objects.iterator())
    assert Refusal.objects.exists()
    assert not Event.objects.filter(state__in=("failed", "waiting")).exists()
    kept = set(Event.objects.values_list("event_key", flat=True))
    answered = stage.sandbox.admin("GET", "events?state=sent")["events"]
    assert answered
    assert {str(one["event"]) for one in answered} <= kept
    assert Event.objects.count() == len(kept)


def _as_there(stage: Stage) -> None:
    """What is known of there is what stands there; ours differs only where it waits to be sent or decided."""
    there: dict[int, dict[str, Any]] = {row["id"]: row for row in stage.there()}
    for row in Patient.objects.all():
        twin, ours = there[row.remote_id or 0], row.wire.values(row)
        differing = set()
        for name in FIELDS:
            form = row.wire.attribute(name).form
            assert form((row.remote or {})[name]) == form(twin[name]), (row.pk, name)
            if form(twin[name]) != ours[name]:
                differing.add(name)
        assert differing == {*row.dirty, *row.conflicts}, (row.pk, row.dirty, row.conflicts)


def _each_effect_once() -> None:
    """A value that was taken over is taken from no second event: was and now always differ."""
    taken = Event.objects.filter(state="applied")
    for row in taken:
        assert all(one["was"] != one["now"] for one in (row.changes or {}).values()), json.dumps(row.changes)
    assert Entry.objects.filter(action="patient_merged").count() >= taken.count()


def _in_the_end_both_agree(storm: Storm) -> None:
    decide_all(storm.stage, storm.chance)
    for row in Patient.objects.exclude(sync_state=SyncState.IN_SYNC):
        request_push(storm.stage.context, row)
    storm.pass_over()
    _as_there(storm.stage)
    assert set(Patient.objects.values_list("sync_state", flat=True)) == {SyncState.IN_SYNC}
    storm.typed.check(storm.stage.there())
