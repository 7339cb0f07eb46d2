"""Comparing many patients' balances as one job: chunk by chunk into the background lane, and its end.

A job of kind refresh remembers how far it is queued, so that a kill in between loses nothing: the sweep goes
on. Imports models, queueing and records.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import Place, next_turn, of_job, ring_lane
from partnerportal.delivery.services import key_of
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.ids import record_name
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import Patient

CHUNK = 250
COMPARE = Delivery.Kind.COMPARE


def compare_all(staff: Staff, context: Context, *, enterprise_id: int | None = None) -> Job:
    """Start comparing the balances of all patients there whom this person may see. Raises NoKey."""
    key = key_of(context)
    total = _there(staff, enterprise_id).count()
    with transaction.atomic():
        job = Job.objects.create(
            kind=Job.Kind.REFRESH,
            label=f"Compare {counted(total, 'balance')}",
            enterprise_id=enterprise_id,
            actor=context.actor,
            staff_id=staff.pk,
            total=total,
            correlation_id=correlation.current(),
            report={"key": key.pk, "after": 0, "queued": False},
        )
        about = context.about(record=record_name("job", job.pk), enterprise=enterprise_id)
        entries.write("balances_comparison_started", about, {"total": total})
    crash_point("confirmed")
    enqueue(job.pk)
    return job


def resume() -> None:
    """Go on queueing what a job still has to: called by the sweep."""
    for pk in _running().filter(report__queued=False).order_by("pk").values_list("pk", flat=True)[:10]:
        enqueue(pk)


def enqueue(job_pk: int, *, chunks: int = 20) -> None:
    """Queue up to so many chunks."""
    for _ in range(chunks):
        if not _chunk(job_pk):
            return
        crash_point("enqueued")


def _chunk(job_pk: int) -> bool:
    """Queue one chunk; False when nothing is left to queue, or the job was stopped."""
    with transaction.atomic():
        job = locks.batch(job_pk)
        if job.state != Job.State.RUNNING or job.report.get("queued"):
            return False
        rows = list(_left(job).order_by("pk").values_list("pk", "enterprise_id")[:CHUNK])
        if rows:
            _insert(job, rows)
            job.report = {**job.report, "after": rows[-1][0]}
            ring_lane("background")
        if len(rows) < CHUNK:
            job.report = {**job.report, "queued": True}
        job.save(update_fields=["report", "heartbeat_at"])
    return len(rows) == CHUNK


def _left(job: Job) -> Any:
    """Those after the last one queued, in the scope that whoever asked has now."""
    staff = Staff.objects.filter(pk=job.staff_id or 0).first()
    return _there(staff, job.enterprise_id).filter(pk__gt=job.report["after"])


def _there(staff: Staff | None, enterprise_id: int | None) -> Any:
    rows = Patient.objects.visible_to(staff).filter(remote_id__isnull=False, removed=False)
    return rows.filter(enterprise_id=enterprise_id) if enterprise_id else rows


def _insert(job: Job, rows: list[tuple[int, int]]) -> None:
    """One reading each; whoever's balance is about to be compared anyhow joins the job."""
    locks.keep_parents({enterprise for _, enterprise in rows})
    waiting = Delivery.objects.filter(noun="patient", kind=COMPARE, state__in=Delivery.UNSENT)
    mine = waiting.filter(record_id__in=[pk for pk, _ in rows])
    known = set(mine.values_list("record_id", flat=True))
    Delivery.objects.filter(pk__in=locks.ids(mine.filter(batch=None))).update(batch=job)
    turns: dict[int, int] = {}
    fresh = []
    for pk, enterprise in rows:
        if pk not in known:
            turns[enterprise] = (turns.get(enterprise) or next_turn("background", enterprise)) + 1
            place = Place("patient", pk, enterprise, "background", turns[enterprise])
            fresh.append(of_job(job, place, kind=COMPARE))
    Delivery.objects.bulk_create(fresh, ignore_conflicts=True)  # asked for by someone in this very moment


def settled(job: Job) -> tuple[int, int]:
    """How many of a job are read, and how many are still open."""
    mine = Delivery.objects.filter(batch=job)
    return mine.filter(state__in=Delivery.SETTLED).count(), mine.filter(state__in=Delivery.OPEN).count()


def finish() -> None:
    """End the jobs that have nothing open any more: called by the sweep."""
    for pk in _running().filter(report__queued=True).order_by("pk").values_list("pk", flat=True)[:50]:
        with transaction.atomic():
            job = locks.batch(pk)
            if job.state == Job.State.RUNNING:
                _finish(job)
        crash_point("batch_counted")


def _finish(job: Job) -> None:
    job.done, left = settled(job)
    if not left:
        job.state = Job.State.DONE
        last = Delivery.objects.filter(batch=job).aggregate(at=Max("settled_at"))["at"]
        job.finished_at = last or db_now()
    job.save(update_fields=["done", "state", "finished_at", "heartbeat_at"])


def stop(context: Context, job: Job) -> int:
    """Take back what is not read yet; how many."""
    with transaction.atomic():
        held = locks.batch(job.pk)
        if held.state != Job.State.RUNNING:
            return 0
        mine = Delivery.objects.filter(batch=held, kind=COMPARE, state__in=Delivery.UNSENT)
        found = locks.ids(mine, skip_locked=True)
        Delivery.objects.filter(pk__in=found).update(
            state=Delivery.State.CANCELLED,
            reason="batch_cancelled",
            settled_at=db_now(),
            needs_person_since=None,
        )
        held.state, held.finished_at = Job.State.CANCELLED, db_now()
        held.save(update_fields=["state", "finished_at"])
        about = context.about(record=record_name("job", held.pk), enterprise=held.enterprise_id)
        entries.write("balances_comparison_stopped", about, {"taken_back": len(found)})
    return len(found)


def _running() -> Any:
    return Job.objects.filter(kind=Job.Kind.REFRESH, state=Job.State.RUNNING, report__has_key="queued")
