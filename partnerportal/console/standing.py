"""The sentence beside a record's state, with the times it needs. Imports delivery's sentences and formats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from partnerportal.console import formats
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import record_sentence
from partnerportal.records.models import Mirror
from partnerportal.records.state import SyncState

AT_ONCE = timedelta(minutes=1)  # a record is tied in the transaction that makes it
SAYS_SOMETHING = (*Delivery.OPEN, Delivery.State.FAILED)


def deliveries_of(rows: list[Any]) -> dict[int, Delivery]:
    """The newest open one, or failed one that nothing replaced, of each row of one noun: one query."""
    if not rows:
        return {}
    pks = [row.pk for row in rows]
    found = Delivery.objects.filter(noun=rows[0].noun, record_id__in=pks, state__in=SAYS_SOMETHING)
    found = found.exclude(kind__in=Delivery.QUIET)  # a balance being read says nothing of the record
    found = found.with_replacement().filter(replaced_by=None)
    return {delivery.record_id: delivery for delivery in found.defer("detail").order_by("id")}


def prepare(rows: list[Any]) -> None:
    """Gives each row its `standing`, for the cells of a list."""
    deliveries, sent = deliveries_of(rows), _sent(rows)
    for row in rows:
        row.standing = sentence(row, deliveries.get(row.pk), sent=row.pk in sent)


def _sent(rows: list[Any]) -> set[int]:
    """Those of which Inbox Health accepted a write of ours: one query."""
    pks = [row.pk for row in rows if row.sync_state == SyncState.IN_SYNC]
    if not pks:
        return set()
    found = Delivery.objects.filter(noun=rows[0].noun, record_id__in=pks, state=Delivery.State.DELIVERED)
    return set(found.exclude(kind__in=Delivery.QUIET).values_list("record_id", flat=True))


def sentence(record: Mirror, delivery: Delivery | None, *, sent: bool | None = None) -> str:
    """One sentence in the user's words, free of HTML. `sent`: as `_sent` says; asked for where not given."""
    if record.sync_state == SyncState.REMOVED and record.remote_id is None:
        return "Joined into another before it was sent; kept here."
    if record.sync_state == SyncState.IN_SYNC and not (
        record.pk in _sent([record]) if sent is None else sent
    ):
        return _came_in(record)
    return record_sentence(record, delivery, time=_time(record, delivery))


def _came_in(record: Mirror) -> str:
    """In sync without a write of ours: it was there first, or ours was tied to it."""
    if record.accepted_at is None:
        return f"There as {record.remote_id}; nothing of it was sent from here."
    word = "Brought in" if record.accepted_at - record.created_at < AT_ONCE else "Tied"
    return f"{word} {formats.instant(record.accepted_at)}, there as {record.remote_id}."


def _time(record: Mirror, delivery: Delivery | None) -> str:
    if record.sync_state == SyncState.IN_SYNC:
        return formats.instant(record.accepted_at) if record.accepted_at else ""
    if delivery is None:
        return ""
    at = delivery.sent_at if delivery.state == Delivery.State.IN_FLIGHT else delivery.next_at
    return formats.instant(at) if at else ""
