"""A record under its lock, money's account before it, as the outbox does. Imports records and delivery."""

from __future__ import annotations

from partnerportal.delivery import locks
from partnerportal.records import account
from partnerportal.records.models import RECORDS, Mirror


def held(known: Mirror) -> Mirror:
    """The row as it is now, locked in the current transaction. Raises the model's DoesNotExist."""
    if known.account_pk is not None:
        account.hold(known.account_pk)
    return locks.record(known.noun, known.pk)


def held_by_key(noun: str, pk: int) -> Mirror:
    """As `held`, where only the primary key is known."""
    known: Mirror = RECORDS[noun].objects.light().get(pk=pk)
    return held(known)
