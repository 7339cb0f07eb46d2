"""What waits when a key changes: moved to another by a person's choice, in one transaction, with an entry.

A queued delivery never changes its key silently. Owns nothing else; imports accounts' keys, models and audit.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import ring_lane
from partnerportal.jobs.models import Job
from partnerportal.records.acting_scope import in_scope

# What still has something to ask with its key: also a re-sent create that is to be looked at once more.
OPEN = Q(state__in=Delivery.OPEN) | Q(confirm_at__isnull=False)


def waiting_on(key: ApiKey) -> int:
    """How many deliveries would need another key without this one, whoever may see them."""
    return Delivery.objects.filter(OPEN, key=key).count()


def in_sight(key: ApiKey, staff: Staff) -> int:
    """How many of them are in a person's scope."""
    return Delivery.objects.visible_to(staff).filter(OPEN, key=key).count()


def replace(old: ApiKey, new: ApiKey, context: Context) -> int:
    """Revoke `old` for `new`; returns how many deliveries went over to it."""
    with transaction.atomic():
        keys.replace(old, new, context)
        return _move(Q(key=old), new, context)


def revoke(key: ApiKey, context: Context, *, move: bool = True) -> int:
    """Revoke a key. What waits on it goes out on the service key where `move` says so and there is one.

    Else it goes on waiting, and Needs you names it.
    """
    with transaction.atomic():
        keys.revoke(key, context)
        other = service_key() if move else None
        return _move(Q(key=key), other, context) if other else 0


def move(old: ApiKey, new: ApiKey, context: Context) -> int:
    """What waits on one key, in the scope of whoever acts, goes out on another; how many."""
    with transaction.atomic():
        mine = in_scope(context, Delivery.objects.all())
        return _move(Q(key=old, pk__in=mine.order_by().values("pk")), new, context)


def name_service(key: ApiKey, context: Context, *, move: bool = True) -> int:
    """Name the service key; what waits on revoked keys goes out on it where `move` says so. How many do."""
    with transaction.atomic():
        keys.name_service(key, context)
        return take_over(key, context) if move else 0


def left_behind() -> int:
    """How many deliveries wait on keys that were revoked."""
    return Delivery.objects.filter(OPEN, key__revoked_at__isnull=False).count()


def take_over(key: ApiKey, context: Context) -> int:
    """Deliveries whose key was revoked while there was no other one."""
    with transaction.atomic():
        return _move(Q(key__revoked_at__isnull=False), key, context)


def _move(which: Q, new: ApiKey, context: Context) -> int:
    found = Delivery.objects.filter(OPEN & which).exclude(key=new)
    lanes: list[Any] = list(found.values_list("lane", flat=True).distinct())
    olds = set(found.order_by().values_list("key", flat=True).distinct())
    _batches_too(olds, new, found)
    moved = Delivery.objects.filter(pk__in=locks.ids(found)).update(key=new)
    if moved:
        entries.write("deliveries_changed_key", context, {"key": new.fingerprint, "deliveries": moved})
        for lane in lanes:
            ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
    return moved


def _batches_too(olds: set[int], new: ApiKey, found: QuerySet[Delivery]) -> None:
    """What a batch has not queued yet goes the way of what it has, where all that waits of it goes."""
    states = (Job.State.RUNNING, Job.State.PAUSED)
    batches = Job.objects.filter(kind=Job.Kind.PUSH, state__in=states, report__key__in=list(olds))
    stays = (
        Delivery.objects.filter(OPEN, batch=OuterRef("pk"))
        .exclude(key=new)
        .exclude(pk__in=found.values("pk"))
    )
    batches = batches.exclude(Exists(stays))
    for job in batches.select_for_update(no_key=True).order_by("pk"):
        job.report = {**job.report, "key": new.pk}
        job.save(update_fields=["report"])
