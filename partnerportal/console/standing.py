"""The sentence beside a record's state, with the times it needs. Imports delivery's sentences and formats."""

from __future__ import annotations

from typing import Any

from partnerportal.console import formats
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import record_sentence
from partnerportal.records.models import Mirror
from partnerportal.records.state import SyncState

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
    deliveries = deliveries_of(rows)
    for row in rows:
        row.standing = sentence(row, deliveries.get(row.pk))


def sentence(record: Mirror, delivery: Delivery | None) -> str:
    """One sentence in the user's words, free of HTML."""
    if record.sync_state == SyncState.REMOVED and record.remote_id is None:
        return "Joined into another before it was sent; kept here."
    return record_sentence(record, delivery, time=_time(record, delivery))


def _time(record: Mirror, delivery: Delivery | None) -> str:
    if record.sync_state == SyncState.IN_SYNC:
        return formats.instant(record.accepted_at) if record.accepted_at else ""
    if delivery is None:
        return ""
    at = delivery.sent_at if delivery.state == Delivery.State.IN_FLIGHT else delivery.next_at
    return formats.instant(at) if at else ""
