"""Who reads a part, and until when, on the database's clock. Imports models only.

A dead worker's lease runs out, and the next goes on at the part's cursor.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from partnerportal.jobs.models import Job
from partnerportal.kernel.clock import db_now
from partnerportal.sync.models import PullPart


class LeaseLost(Exception):
    """Another worker, or another pull, has the part now."""


@dataclass
class Lease:
    """`must_end_by` is of time.monotonic: no request may last beyond it."""

    part_id: int
    owner: uuid.UUID
    must_end_by: float


def claim() -> tuple[PullPart, Lease] | None:
    """The next part that is due, parents first; None where nothing is."""
    owner, began, now = uuid.uuid4(), time.monotonic(), db_now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = PullPart.objects.filter(
        free, state=PullPart.State.WAITING, next_at__lte=now, pull__job__state=Job.State.RUNNING
    )
    with transaction.atomic():
        part = due.select_for_update(of=("self",), skip_locked=True).order_by("place", "pk").first()
        if part is None:
            return None
        part.lease_owner, part.lease_until = owner, now + timedelta(seconds=settings.DELIVERY_LEASE)
        part.save(update_fields=["lease_owner", "lease_until"])
    return part, Lease(part.pk, owner, began + settings.DELIVERY_LEASE)


def due_in() -> float | None:
    """Seconds until a part of a running pull is due or free again; None where none waits."""
    waiting = PullPart.objects.filter(state=PullPart.State.WAITING, pull__job__state=Job.State.RUNNING)
    times = [max(filter(None, pair)) for pair in waiting.values_list("next_at", "lease_until")[:500]]
    return max(0.0, (min(times) - db_now()).total_seconds()) if times else None


def renew(lease: Lease) -> None:
    """A fresh lease, before each request. Raises LeaseLost."""
    began = time.monotonic()
    until = db_now() + timedelta(seconds=settings.DELIVERY_LEASE)
    mine = PullPart.objects.filter(pk=lease.part_id, lease_owner=lease.owner, lease_until__gt=db_now())
    if not mine.update(lease_until=until):
        raise LeaseLost
    lease.must_end_by = began + settings.DELIVERY_LEASE


def keep(part: PullPart, lease: Lease, *, let_go: bool = False) -> None:
    """Write the part's cursor and counts, as long as it is still ours. Raises LeaseLost."""
    with transaction.atomic():
        mine = PullPart.objects.select_for_update().filter(pk=part.pk, lease_owner=lease.owner)
        if not mine.exists():
            raise LeaseLost
        if let_go:
            part.lease_owner = part.lease_until = None
        fields = [f.name for f in PullPart._meta.concrete_fields if f.name not in ("id", "lease_until")]
        part.save(update_fields=[*fields, "lease_until"] if let_go else fields)
