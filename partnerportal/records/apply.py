"""What Inbox Health answered, onto the row. Each caller holds the row's lock. Imports records only.

The whole answer is kept; typed columns are ours and are never overwritten here (contract: survive any [A]).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from partnerportal.records.models import Mirror

# All that an accepted write changes of a row, with what is computed from it; the rest is the user's.
_ACCEPTED = (
    "remote_id", "remote", "acknowledged", "remote_updated_at", "remote_read_at", "accepted_at",
    "missing_since", "not_valid", "dirty", "conflicts", "delivery_state", "sync_state", "updated_at",
)  # fmt: skip


class AlreadyLinked(Exception):
    """Another row of ours is tied to that Inbox Health id. `other` is that row."""

    def __init__(self, other: Mirror) -> None:
        super().__init__(f"{other.short_id} is tied to it")
        self.other = other


def accept(row: Mirror, sent: Mapping[str, Any], answer: Mapping[str, Any], *, created: bool) -> None:
    """An accepted create or update: the id, the answer, and what was sent and answered per attribute.

    Raises AlreadyLinked where the id belongs to another row.
    """
    before = row.accepted_for
    receive(row, answer)
    row.acknowledged = row.wire.acknowledge(row.acknowledged or {}, sent, answer, created=created)
    _accepted(row, before)
    row.save(update_fields=_ACCEPTED)


def unsure(row: Mirror, sent: Mapping[str, Any]) -> None:
    """An update has no answer: what it said may land later than anything that is sent after it."""
    row.acknowledged = row.wire.doubt(row.acknowledged or {}, sent)
    row.save(update_fields=("acknowledged", "not_valid", "dirty", "conflicts", "sync_state"))


def link(row: Mirror, answer: Mapping[str, Any]) -> None:
    """Tie ours to theirs: what is there counts as sent and answered, so what differs is "changed here"."""
    before = row.accepted_for
    receive(row, answer)
    row.acknowledged = {
        a.name: {"sent": answer.get(a.name), "answered": answer.get(a.name)} for a in row.wire.attributes
    }
    _accepted(row, before)
    row.save()


def _accepted(row: Mirror, before: Any) -> None:
    if before is None or row.accepted_at is None or row.accepted_for != before:
        row.accepted_at = timezone.now()


def missing(row: Mirror) -> None:
    """Asked for by id and not found. It is shown, never deleted here."""
    row.missing_since = row.missing_since or timezone.now()
    row.save()


def receive(row: Mirror, answer: Mapping[str, Any]) -> None:
    """The answer onto the row, not saved: id, whole answer, its times. Raises AlreadyLinked."""
    remote_id = answer.get("id", row.remote_id)
    if remote_id != row.remote_id:
        tied = type(row).objects.filter(remote_id=remote_id).exclude(pk=row.pk)
        other = tied.values_list("pk", flat=True).first()
        if other is not None:
            raise AlreadyLinked(tied.get(pk=other))
    row.remote_id = remote_id
    row.remote = {**(row.remote or {}), **answer}
    row.remote_read_at = timezone.now()
    row.remote_updated_at = instant(answer.get("updated_at")) or row.remote_updated_at
    row.missing_since = None


def instant(value: Any) -> datetime | None:
    """An ISO 8601 instant of the API, or None where it is none."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
