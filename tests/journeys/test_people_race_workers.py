"""Eight people and two engines on the accounts of five patients, without a hook: who meets whom is chance.

Afterwards both sides agree or a person is asked, nothing is in flight, nothing went out after it was
cancelled, and PostgreSQL has broken no deadlock.
"""

from __future__ import annotations

import itertools
import logging
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from partnerportal.audit.models import Exchange
from partnerportal.delivery import engine, resolve
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.queueing import LANES
from partnerportal.delivery.services import NotPossible, NotValid, request_push, request_reading
from partnerportal.delivery.sweep import sweep
from partnerportal.jobs.models import Job
from partnerportal.records.models import RECORDS, Patient, WriteOffCode
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.delivery.scene import deadlocks
from tests.journeys.people import Person, unsent

PEOPLE, ENGINES, PATIENTS = 8, 2, 5
WRITES = ("POST", "PUT", "DELETE")


@pytest.mark.soak  # the recorder finds deliveries of one account locked out of order: open
@pytest.mark.timeout(300)
def test_people_and_workers_on_five_accounts_for_a_minute(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    assert _raced(stage, caplog, 60.0) == []


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_people_and_workers_on_five_accounts_for_twenty_minutes(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    assert _raced(stage, caplog, 1200.0) == []


def _raced(stage: Stage, caplog: pytest.LogCaptureFixture, seconds: float) -> list[str]:
    """What was wrong during and after it, in sentences."""
    stage.settings.DELIVERY_LEASE, stage.settings.INBOX_HEALTH_DEADLINE = 20.0, 8.0
    _five_patients(stage)
    caplog.set_level(logging.ERROR, logger="portal.delivery")
    before, errors = deadlocks(), Errors()
    counts = _at_once(stage, seconds, errors)
    broken = deadlocks() - before
    errors.of_engine(caplog)
    wrong = _drained(stage, errors)
    errors.of_engine(caplog)
    wrong += [f"{broken} deadlocks"] * bool(broken) + errors.told()
    wrong += [*_in_flight(), *_sent_after_cancelled(), *_disagree(stage), *_owe_differently(stage)]
    print(f"\n{sum(counts.values())} acts: {dict(counts)}")
    print(
        f"{Delivery.objects.count()} deliveries, {Exchange.objects.filter(method__in=WRITES).count()} writes"
    )
    print("\n".join(wrong) or "nothing wrong")
    return wrong


class Errors:
    """What was raised and is no refusal, counted by its kind and place."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, error: BaseException, act: str) -> None:
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        deadlock = "deadlock " if "deadlock" in str(error) else ""
        with self._lock:
            self.found[f"{act}: {deadlock}{type(error).__name__}"] += 1

    def of_engine(self, caplog: pytest.LogCaptureFixture) -> None:
        """What the worker's boundary caught, without the numbers."""
        for record in caplog.records:
            if record.name == "portal.delivery" and record.levelno >= logging.ERROR:
                self.found["engine, " + re.sub(r"-\d+", "", record.getMessage())] += 1
        caplog.clear()

    def told(self) -> list[str]:
        return [f"{number} × {what}" for what, number in self.found.most_common()]


def _five_patients(stage: Stage) -> None:
    enterprise = make_enterprise("North")
    practice = make_practice(enterprise, "North office")
    code = WriteOffCode(enterprise=enterprise, code="044", description="Forgiven")
    code.save()
    people = [make_patient(enterprise, practice=practice) for _ in range(PATIENTS)]
    for row in (code, *people):
        request_push(stage.context, row)
    stage.run(60)


def _at_once(stage: Stage, seconds: float, errors: Errors) -> Counter[str]:
    end, seeds = time.monotonic() + seconds, itertools.count(1)
    people = [Person(stage.operator, random.Random(next(seeds))) for _ in range(PEOPLE)]

    def live(person: Person) -> None:
        while time.monotonic() < end:
            _noted(errors, "person", person.act)

    def work() -> None:
        while time.monotonic() < end:
            for step in (*(lambda lane=lane: engine.drive(lane, 0.5) for lane in LANES), resolve.resolve_due):
                _noted(errors, "drive", step)
            _noted(errors, "sweep", sweep)

    threads = [threading.Thread(target=_then_close, args=(live, one)) for one in people]
    threads += [threading.Thread(target=_then_close, args=(work,)) for _ in range(ENGINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 120)
    hanging = sum(thread.is_alive() for thread in threads)
    assert not hanging, f"{hanging} threads hang"
    return sum((person.counts for person in people), Counter())


def _noted(errors: Errors, who: str, step: Any) -> None:
    try:
        step()
    except Exception as error:
        errors.add(error, f"{who} at {_place(error)}")


def _place(error: BaseException) -> str:
    """The innermost place of our own code."""
    frames, where = [], error.__traceback__
    while where is not None:
        name = where.tb_frame.f_code.co_filename
        if "/partnerportal/" in name or "/tests/journeys/" in name:
            frames.append(f"{name.rpartition('/')[2]}:{where.tb_lineno}")
        where = where.tb_next
    return " < ".join(reversed(frames[-3:]))


def _then_close(work: Any, *arguments: Any) -> None:
    try:
        work(*arguments)
    finally:
        connections.close_all()


def _drained(stage: Stage, errors: Errors) -> list[str]:
    """All that waits goes out, then all that was only saved; what stays open."""
    for _ in range(3):
        _noted(errors, "drain", lambda: stage.run(60))
        left = unsent()
        for row in left:
            try:
                request_push(stage.context, row)
            except (NotPossible, NotValid):
                continue
        for patient in Patient.objects.filter(remote_id__isnull=False):
            request_reading(stage.context, patient, Delivery.Kind.COMPARE)
        if not left:
            break
    _noted(errors, "drain", lambda: stage.run(60))
    open_still = [f"{one.record_name} {one.kind} stays {one.state} ({one.reason})" for one in stage.open()]
    running = Job.objects.filter(kind=Job.Kind.PUSH, state=Job.State.RUNNING)
    return open_still + [f"batch {job.short_id} runs on: {job.done} of {job.total}" for job in running]


def _in_flight() -> Iterator[str]:
    for one in Delivery.objects.filter(state="in_flight"):
        yield f"{one.record_name} {one.kind} stays in flight"
    for attempt in Attempt.objects.filter(ended_at=None):
        yield f"an attempt of {attempt.delivery.record_name} has not ended"
    for noun, model in RECORDS.items():
        mine = Delivery.objects.filter(noun=noun, state__in=Delivery.OPEN)
        for one in mine.exclude(record_id__in=model.objects.values("pk")):
            yield f"an orphan: {one.record_name} {one.kind} is {one.state}, its record is gone"


def _sent_after_cancelled() -> Iterator[str]:
    for one in Delivery.objects.filter(state="cancelled"):
        sent = Exchange.objects.filter(delivery=one.pk, method__in=WRITES)
        late = sent.filter(started_at__gt=one.settled_at) if one.settled_at else sent.none()
        if late.exists() or one.attempt_rows.filter(outcome="accepted").exists():
            yield f"{one.record_name} {one.kind} went out after it was cancelled ({one.reason})"


def _asked() -> set[str]:
    """Records that a person is asked about."""
    asks = Delivery.objects.filter(needs_person_since__isnull=False)
    return {one.record_name for one in asks}


def _disagree(stage: Stage) -> Iterator[str]:
    asked = _asked()
    for noun, model in RECORDS.items():
        there = {r["id"]: r for r in stage.there(model.wire.resource) if not r.get("hidden")}
        ours = {row.remote_id: row for row in model.objects.exclude(remote_id=None)}
        for remote_id in there.keys() - ours.keys():
            if noun not in ("practice", "endpoint"):
                yield f"{noun} IH {remote_id} is there and is none of ours"
        for remote_id, row in ours.items():
            record = there.get(remote_id)
            deleted = getattr(row, "deleted", False)
            if record is None and not deleted and row.record_name not in asked:
                yield f"{row.record_name} is not there, and nobody is asked"
            elif record is not None and not deleted and row.record_name not in asked:
                yield from _differing(row, record)


def _differing(row: Any, record: dict[str, Any]) -> Iterator[str]:
    wire = row.wire
    for name, value in wire.values(row).items():
        form, known = wire.attribute(name).form, (row.acknowledged or {}).get(name, {})
        if name in row.dirty or name in row.conflicts or value is None or name not in record:
            continue
        if form(record[name]) not in (value, form(known.get("answered"))):
            yield f"{row.record_name} differs there in {name}: {value} here, {record[name]} there"


def _owe_differently(stage: Stage) -> Iterator[str]:
    """Balances that differ while nothing of the account waits or asks a person."""
    there = {row["id"]: row.get("balance_cents") or 0 for row in stage.there("patients")}
    for patient in Patient.objects.filter(remote_id__isnull=False):
        mine = Delivery.objects.filter(account_pk=patient.pk)
        if mine.filter(needs_person_since__isnull=False).exists():
            continue
        if any(row.account_pk == patient.pk for row in unsent()):
            continue
        if not patient.removed and patient.balance_cents != there.get(patient.remote_id):
            owed = there.get(patient.remote_id)
            yield f"{patient.record_name} owes {patient.balance_cents} here, {owed} there"
