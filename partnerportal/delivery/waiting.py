"""Who waits for whom: what must come first or follow is queued, and what waited is freed. Imports locks.

Within the caller's transaction, under the lock of the record that is waited for.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models.functions import Now

from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import next_turn, ring_lane
from partnerportal.records.models import Mirror

_CHILDLESS = ("line_item", "payment_adjustment", "write_off", "endpoint")


def queue_first(delivery: Delivery, row: Mirror, kind: str) -> None:
    """Queue what `delivery` waits for, unless it is on its way or waits for a person: it would fail again."""
    there = Delivery.objects.filter(noun=row.noun, record_id=row.pk, kind=kind)
    asks = there.filter(state=Delivery.State.FAILED, needs_person_since__isnull=False)
    if not (there.filter(state__in=Delivery.OPEN) | asks).exists():
        queue_after(delivery, row, kind)


def queue_after(delivery: Delivery, row: Mirror, kind: str, *, lane: str = "") -> Delivery:
    """Queue what must follow or come first, in the same lane unless told, for the same reason; once."""
    lane = lane or delivery.lane
    made, _ = Delivery.objects.get_or_create(
        noun=row.noun,
        record_id=row.pk,
        kind=kind,
        state__in=Delivery.UNSENT,
        defaults={
            "state": Delivery.State.PENDING,
            "enterprise_id": row.enterprise_pk,
            "account_pk": row.account_pk,
            "lane": lane,
            "turn": delivery.turn if lane == delivery.lane else next_turn(lane, row.enterprise_pk),
            "key_id": delivery.key_id,
            "actor": delivery.actor,
            "origin": delivery.origin,
            "cause": f"delivery:{delivery.short_id}",
            "correlation_id": delivery.correlation_id,
        },
    )
    ring_lane(lane)
    return made


def release_children(row: Mirror) -> None:
    """Whatever waited for this record may be looked at again."""
    if row.noun not in _CHILDLESS:
        release(row.record_name)


def release(blocked_by: str) -> int:
    """Free what waits for the named record; how many.

    Whoever settles it holds its delivery, which may come after these: what somebody else holds in this moment
    is freed by the next sweep.
    """
    waiting = Delivery.objects.filter(state=Delivery.State.BLOCKED, blocked_by=blocked_by)
    freed = locks.ids(waiting.filter(needs_person_since=None), skip_locked=True)
    if freed:
        mine = Delivery.objects.filter(pk__in=freed)
        mine.update(state=Delivery.State.PENDING, blocked_by="", reason="", next_at=Now())
        for lane in list(mine.values_list("lane", flat=True).distinct()):
            ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
    return len(freed)
