"""Row locks in one order everywhere: parent record, record, delivery, attempt. Imports models only.

Whoever takes them the other way round meets somebody who does not, and PostgreSQL kills one of the two. They
are FOR NO KEY UPDATE: a child's insert refers to its enterprise and need not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from partnerportal.delivery.models import Delivery
from partnerportal.records.models import NOUNS, Mirror

_PARENTS = {
    "enterprise": (),
    "practice": ("enterprise",),
    "doctor": ("enterprise",),
    "patient": ("enterprise", "practice"),
}


def read(noun: str, record_id: int) -> Mirror:
    """The record with its parents, one query, no lock."""
    row: Mirror = NOUNS[noun].objects.select_related(*_PARENTS[noun]).get(pk=record_id)
    return row


def record(noun: str, record_id: int) -> Mirror:
    """The record under its lock; its parents come along as they are now, without one."""
    rows = NOUNS[noun].objects.select_related(*_PARENTS[noun])
    row: Mirror = rows.select_for_update(of=("self",), no_key=True).get(pk=record_id)
    return row


def delivery(pk: int) -> Delivery:
    """The delivery under its lock, with its key. The caller holds its record's lock."""
    return locking(Delivery.objects.select_related("key")).get(pk=pk)


def both(known: Delivery) -> tuple[Delivery, Mirror]:
    """A delivery and its record, locked in order."""
    row = record(known.noun, known.record_id)
    return delivery(known.pk), row


def locking(deliveries: QuerySet[Delivery], *, skip_locked: bool = False) -> QuerySet[Delivery]:
    """The same deliveries, locked as they are read."""
    return deliveries.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)


def ids(deliveries: QuerySet[Delivery], *, skip_locked: bool = False) -> list[int]:
    """Lock many in the order of their ids, as everybody does; their ids."""
    locked = deliveries.order_by("pk").select_for_update(no_key=True, skip_locked=skip_locked)
    return list(locked.values_list("pk", flat=True))


def records(noun: str, record_ids: Iterable[int]) -> QuerySet[Any]:
    """Many records of a noun, locked in the order of their ids as they are read."""
    rows = NOUNS[noun].objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk__in=sorted(record_ids)).order_by("pk")
