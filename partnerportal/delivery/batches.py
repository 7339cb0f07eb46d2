"""A batch: how far it is, what failed and why, when it will be done; ending, cancelling. Imports pausing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import bulk, locks, pausing, telling
from partnerportal.delivery.models import Delivery, PlanItem
from partnerportal.delivery.sentences import cause_words
from partnerportal.delivery.words import mark
from partnerportal.jobs.models import Job
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.ids import record_name

OPEN = (Job.State.RUNNING, Job.State.PAUSED)
RATE_WINDOW = timedelta(seconds=10)


@dataclass(frozen=True)
class Failure:
    """One cause of failures within a batch."""

    cause_key: str
    noun: str
    sentence: str
    count: int
    open: int  # of them, those that nothing took the place of

    @property
    def replaced(self) -> int:
        return self.count - self.open


@dataclass(frozen=True)
class Progress:
    """Where a batch stands. `counts`: deliveries by state, with the cancelled that never were queued."""

    counts: dict[str, int]
    total: int
    settled: int
    undecided: int
    rate: float
    arrival: datetime | None
    failures: list[Failure]
    held: int = 0  # records of the plan that are not queued (yet)

    @property
    def done(self) -> bool:
        return self.settled >= self.total and not self.open

    @property
    def open(self) -> int:
        return sum(count for state, count in self.counts.items() if state not in Delivery.SETTLED)

    @property
    def percent(self) -> int:
        return 100 if not self.total else min(100, self.settled * 100 // self.total)


def progress(job: Job) -> Progress:
    """Counted from the deliveries themselves. Reads only."""
    mine = Delivery.objects.filter(batch=job)
    counts = {row["state"]: row["n"] for row in mine.values("state").annotate(n=Count("pk")).order_by()}
    if job.report.get("left"):
        counts["cancelled"] = counts.get("cancelled", 0) + int(job.report["left"])
    settled = sum(counts.get(state, 0) for state in Delivery.SETTLED)
    total = max(job.total, sum(counts.values()))
    recent = mine.filter(settled_at__gt=timezone.now() - RATE_WINDOW).count()
    rate = recent / RATE_WINDOW.total_seconds()
    left = total - settled
    pace = rate or settings.INBOX_HEALTH_RATE
    running = job.state == Job.State.RUNNING and left > 0
    return Progress(
        counts=counts,
        total=total,
        settled=settled,
        undecided=mine.filter(state="unknown", needs_person_since__isnull=False).count(),
        rate=rate,
        arrival=timezone.now() + timedelta(seconds=left / pace) if running else None,
        failures=failures(job),
        held=held_back(job),
    )


def held_back(job: Job) -> int:
    """Records of its plan that are not queued: those after the first few, or those that a kill left."""
    if job.state not in OPEN:
        return 0
    return PlanItem.objects.to_queue().filter(plan__batch=job.pk).count()


def failures(job: Job) -> list[Failure]:
    """Failed deliveries of a batch by cause, the most frequent first."""
    failed = Delivery.objects.filter(batch=job, state="failed").with_replacement()
    groups = (
        failed.order_by()
        .values("cause_key", "noun")
        .annotate(n=Count("pk"), left=Count("pk", filter=Q(replaced_by=None)))
        .order_by("-n", "cause_key")
    )
    return [
        Failure(g["cause_key"], g["noun"], cause_words(g["cause_key"], g["noun"]), g["n"], g["left"])
        for g in groups
    ]


def finish_batches() -> None:
    """End the batches that have nothing open any more; those that began with a few wait after them."""
    for job in Job.objects.filter(kind=Job.Kind.PUSH, state__in=OPEN).order_by("pk")[:50]:
        with transaction.atomic():
            mine = Job.objects.select_for_update(skip_locked=True, no_key=True).filter(
                pk=job.pk, state__in=OPEN
            )
            held = mine.first()
            if held is not None:
                _finish(held)
        crash_point("batch_counted")


def _finish(held: Job) -> None:
    now = progress(held)
    held.done = now.settled
    if now.done:
        held.state = Job.State.DONE
        ended = Delivery.objects.filter(batch=held).aggregate(at=Max("settled_at"))["at"]
        held.finished_at = ended or db_now()
        held.report = {**held.report, "counts": now.counts}
        telling.batch_ended(held, now.counts)
    held.save(update_fields=["done", "state", "finished_at", "report", "heartbeat_at"])
    begun_with_few = held.state == Job.State.RUNNING and held.report.get("first")
    if begun_with_few and now.held and _first_settled(held, now):
        pausing.hold(held, now.settled, now.held)


def _first_settled(job: Job, now: Progress) -> bool:
    """What is queued of it is settled, or waits for a person."""
    asks = Delivery.objects.filter(batch=job, state__in=Delivery.OPEN, needs_person_since__isnull=False)
    return bool(now.counts) and (not now.open or now.open <= asks.count())


def cancel_batch(context: Context, job: Job) -> int:
    """Take back what is not sent yet; the number taken back. What was sent stays at Inbox Health."""
    with transaction.atomic():
        held = locks.batch(job.pk)
        if held.state not in OPEN:
            return 0
        left = bulk.drop_left(held)
        taken = left + _take_back(held)
        held.state, held.finished_at = Job.State.CANCELLED, timezone.now()
        held.report = {**held.report, "left": left}
        held.save(update_fields=["state", "finished_at", "report"])
        about = context.about(
            record=record_name("batch", held.pk), batch=held.pk, enterprise=held.enterprise_id
        )
        entries.write("batch_cancelled", about, {"taken_back": taken})
        telling.batch_cancelled(held, context.actor, taken)
    return taken


def _take_back(job: Job) -> int:
    """Cancel what a batch has not sent; all records are locked before the first delivery, as everywhere."""
    mine = Delivery.objects.filter(batch=job, state__in=Delivery.UNSENT)
    wanted: dict[str, list[int]] = {}
    for noun, record_id in mine.values_list("noun", "record_id"):
        wanted.setdefault(noun, []).append(record_id)
    rows = {
        (noun, row.pk): row for noun in locks.in_order(wanted) for row in locks.records(noun, wanted[noun])
    }
    taken = Delivery.objects.filter(pk__in=locks.ids(mine, skip_locked=True))
    named = [name for name in taken.values_list("noun", "record_id") if name in rows]
    taken.update(
        state="cancelled", reason="batch_cancelled", settled_at=db_now(), lease_owner=None, lease_until=None,
        needs_person_since=None,
    )  # fmt: skip
    for name in named:
        mark(rows[name], "")
    return len(named)
