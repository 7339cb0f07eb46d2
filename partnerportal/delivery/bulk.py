"""A batch's deliveries, in chunks of one transaction each; a kill in between is taken up by the sweep.

Imports models, queueing and records.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from partnerportal.delivery import locks
from partnerportal.delivery.holding import ASKS
from partnerportal.delivery.models import Delivery, Plan, PlanItem
from partnerportal.delivery.queueing import ENQUEUE, Place, next_turn, of_job, ring_lane
from partnerportal.jobs.models import Job
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.dispatch import ring
from partnerportal.records.models import MONEY, RECORDS
from partnerportal.records.state import SyncState

CHUNK = 250  # records: what a worker holds in memory at a time
_KEPT = (SyncState.CONFLICT, SyncState.MISSING_THERE)


def enqueue(plan: Plan, job: Job, *, chunks: int = 20) -> bool:
    """Queue up to `chunks` chunks of a confirmed plan; True when all of it is queued.

    Of a batch that was started with its first few, those alone, until it is resumed (pausing.py).
    """
    if job.report.get("first"):
        _first(plan, job, int(job.report["first"]))
        return False
    for _ in range(chunks):
        if not _chunk(plan, job):
            return True
    ring_lane("bulk")
    more = plan.items.to_queue().exists()
    if more:  # a worker goes on at once; were the ring lost, the sweep would
        ring(ENQUEUE, queue="background")
    return not more


def _first(plan: Plan, job: Job, most: int) -> None:
    """Once, whoever comes first: the confirming request or the sweep."""
    with transaction.atomic():
        locks.batch(job.pk)
        held = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        if not held.items.filter(act="queued").exists():
            _chunk(held, job, most)


def _chunk(plan: Plan, job: Job, most: int = CHUNK) -> bool:
    """Queue one chunk; False when nothing was left, or the batch was cancelled meanwhile.

    The batch's lock comes first, as wherever a batch is changed: batch, plan, records, deliveries.
    """
    with transaction.atomic():
        job = locks.batch(job.pk)  # as it is now: its key may have changed
        if job.state == Job.State.CANCELLED:
            return False
        items = list(
            plan.items.select_for_update(skip_locked=True, no_key=True).to_queue().order_by("pk")[:most]
        )
        if not items:
            return False
        noun = items[0].noun  # one a chunk, so that records are locked in order
        items = [item for item in items if item.noun == noun]
        ids = sorted(item.record_id for item in items)
        locks.keep_parents({item.enterprise_id or item.record_id for item in items})
        there = set(locks.records(noun, ids).values_list("pk", flat=True))
        busy = _join(noun, ids, job)
        fresh = [item for item in items if item.record_id in there - busy]
        _insert(noun, job, fresh, _accounts(noun, ids))
        _leave_out(noun, job, [item.record_id for item in items])
        PlanItem.objects.filter(pk__in=[item.pk for item in items]).update(act="queued")
        ring_lane("bulk", settings.DELIVERY_SENDERS)
    crash_point("enqueued")
    return True


def _join(noun: str, record_ids: list[int], job: Job) -> set[int]:
    """Records that wait already are looked at again, and belong to this batch where they had none; which."""
    theirs = Delivery.objects.filter(noun=noun, record_id__in=record_ids, kind=Delivery.Kind.PUSH)
    held = locks.ids(theirs.filter(Q(state__in=Delivery.UNSENT) | ASKS))
    mine = Delivery.objects.filter(pk__in=held, state__in=Delivery.UNSENT)
    mine.filter(batch=None).update(batch=job)
    mine.filter(state=Delivery.State.BLOCKED).update(
        state=Delivery.State.PENDING, blocked_by="", reason="", detail=None, needs_person_since=None
    )
    return set(mine.values_list("record_id", flat=True))


def _leave_out(noun: str, job: Job, record_ids: list[int]) -> None:
    """A batch ends when all it counts is settled: what was deleted, or goes with another, is not its own."""
    own = Delivery.objects.filter(batch=job, noun=noun, record_id__in=record_ids)
    others = len(record_ids) - own.values("record_id").distinct().count()
    if others:
        Job.objects.filter(pk=job.pk).update(total=F("total") - others)


def _accounts(noun: str, record_ids: list[int]) -> dict[int, int]:
    """Of the money's nouns: the patient of each record."""
    if noun not in MONEY or not MONEY[noun].account_path:
        return {}
    rows = MONEY[noun].objects.filter(pk__in=record_ids)
    return dict(rows.values_list("pk", MONEY[noun].account_path))


def _insert(noun: str, job: Job, items: list[PlanItem], accounts: dict[int, int]) -> None:
    ids = [item.record_id for item in items]
    Delivery.objects.filter(noun=noun, record_id__in=ids, kind=Delivery.Kind.PUSH).supersede()
    turns: dict[int, int] = {}
    rows = []
    for item in items:
        enterprise = item.enterprise_id or item.record_id
        turn = turns.get(enterprise)
        turns[enterprise] = (next_turn("bulk", enterprise) if turn is None else turn) + 1
        place = Place(noun, item.record_id, enterprise, "bulk", turns[enterprise])
        rows.append(of_job(job, place, account_pk=accounts.get(item.record_id)))
    Delivery.objects.bulk_create(rows)
    _mark(RECORDS[noun], ids)


def _mark(model: Any, ids: list[int]) -> None:
    """The records' words, in bulk: what is valid and waits is on its way."""
    model.objects.filter(pk__in=ids).exclude(delivery_state__in=Delivery.SENT).update(
        delivery_state=Delivery.State.PENDING,
        sync_state=Case(
            When(sync_state__in=_KEPT, then="sync_state"),
            default=Value(SyncState.ON_ITS_WAY),
            output_field=CharField(),
        ),
    )


def resume_enqueueing() -> None:
    """Take up confirmed plans whose queueing was cut short."""
    unfinished = PlanItem.objects.to_queue().filter(plan=OuterRef("pk"))
    waiting = Job.objects.filter(state=Job.State.PAUSED, report__has_key="first").values("pk")
    plans = Plan.objects.filter(Exists(unfinished), batch__isnull=False).exclude(batch__in=waiting)
    for plan in plans[:10]:
        job = Job.objects.get(pk=int(plan.batch or 0))
        if job.state == Job.State.CANCELLED:
            with transaction.atomic():
                drop_left(locks.batch(job.pk))
        else:
            enqueue(plan, job)


def drop_left(job: Job) -> int:
    """Give up what is not queued of a batch; how many. The caller holds the batch: so its plan's lines."""
    left = PlanItem.objects.to_queue().filter(plan__batch=job.pk)
    return left.update(act="cancelled")
