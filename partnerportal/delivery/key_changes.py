"""What waits when a key changes: moved to another by a person's choice, which is kept on the key.

A queued delivery never changes its key silently. Owns nothing else; imports accounts' keys, models and audit.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerportal.accounts import keys
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
    keys.replace(old, new, context)
    return move(old, new, context)


def revoke(key: ApiKey, context: Context, *, move: bool = True) -> int:
    """Revoke a key. What waits on it goes out on the service key where `move` says so and there is one.

    Else it goes on waiting, and Needs you names it.
    """
    other = keys.revoke(key, context, move=move)
    return _move([key.pk], other, context) if other else 0


def move(old: ApiKey, new: ApiKey, context: Context) -> int:
    """What waits on one key goes out on another; how many."""
    if old.moves_to_id != new.pk:
        with transaction.atomic():
            keys.let_move([old.pk], new)
    return _move([old.pk], new, context)


def move_in_scope(old: ApiKey, new: ApiKey, context: Context) -> int:
    """What waits on one key goes out on another, as far as whoever acts may see it; how many."""
    waiting = Delivery.objects.filter(OPEN, key=old)
    mine = in_scope(context, waiting)
    if mine.count() == waiting.count():
        return move(old, new, context)
    return _move([old.pk], new, context, mine)


def name_service(key: ApiKey, context: Context, *, move: bool = True) -> int:
    """Name the service key; what waits on revoked keys goes out on it where `move` says so. How many do."""
    keys.name_service(key, context, move=move)
    return take_over(key, context) if move else 0


def left_behind() -> int:
    """How many deliveries wait on keys that were revoked."""
    return Delivery.objects.filter(OPEN, key__revoked_at__isnull=False).count()


def take_over(key: ApiKey, context: Context) -> int:
    """Deliveries whose key was revoked while there was no other one."""
    with transaction.atomic():
        keys.let_move([], key)
    left = Delivery.objects.filter(OPEN, key__revoked_at__isnull=False).order_by()
    return _move(list(left.values_list("key", flat=True).distinct()), key, context)


def move_left() -> int:
    """What was queued on a key in the moment in which it was revoked goes where the rest went; how many.

    By the sweep: the choice is kept on the key.
    """
    ended = ApiKey.objects.filter(revoked_at__isnull=False, moves_to__isnull=False).select_related("moves_to")
    goes = {key.pk: key for key in ended}
    left = set(
        Delivery.objects.filter(OPEN, key__in=goes).order_by().values_list("key", flat=True).distinct()
    )
    left |= {job.report["key"] for job in _jobs(list(goes))}
    return sum(_move([pk], new, Context()) for pk in sorted(left) if (new := _last(pk, goes)) is not None)


def _last(pk: int, goes: dict[int, ApiKey]) -> ApiKey | None:
    """Where the choices lead in the end; None where that key was revoked without one."""
    seen, new = {pk}, goes[pk].moves_to
    while new is not None and new.pk in goes and new.pk not in seen:
        seen.add(new.pk)
        new = goes[new.pk].moves_to
    return new if new is not None and new.revoked_at is None else None


def _move(olds: list[int], new: ApiKey, context: Context, among: Any = None) -> int:
    """In a transaction of its own: batches, deliveries, key. What is queued meanwhile is the sweep's.

    `among`: only these deliveries, and only the batches of which nothing else waits.
    """
    with transaction.atomic():
        waiting = Delivery.objects.filter(OPEN, key__in=olds).exclude(key=new)
        going = waiting if among is None else waiting.filter(pk__in=among.order_by().values("pk"))
        stays = Exists(waiting.filter(batch=OuterRef("pk")).exclude(pk__in=going.order_by().values("pk")))
        for job in locks.jobs(_jobs(olds) if among is None else _jobs(olds).exclude(stays)):
            job.report = {**job.report, "key": new.pk}
            job.save(update_fields=["report"])
        found = Delivery.objects.filter(pk__in=locks.ids(going))
        lanes: list[Any] = list(found.values_list("lane", flat=True).distinct())
        if not keys.kept(new):
            transaction.set_rollback(True)
            return 0
        moved = found.update(key=new)
        if moved:
            entries.write("deliveries_changed_key", context, {"key": new.fingerprint, "deliveries": moved})
        for lane in lanes:
            ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
    return moved


def _jobs(olds: list[int]) -> QuerySet[Job]:
    """What a batch or comparison has not queued yet goes the way of what it has."""
    kinds, states = (Job.Kind.PUSH, Job.Kind.REFRESH), (Job.State.RUNNING, Job.State.PAUSED)
    return Job.objects.filter(kind__in=kinds, state__in=states, report__key__in=olds)
