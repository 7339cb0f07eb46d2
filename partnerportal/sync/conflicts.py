"""Deciding between ours and theirs, field by field: by a person, with a reason, both values in the audit.

Ours stays to be sent, with what is there acknowledged; theirs is taken into our column, and of money the
balance is reckoned anew. Imports records, delivery's locks and audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import holding, locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import ring_lane
from partnerportal.delivery.words import mark, standing
from partnerportal.kernel.clock import db_now
from partnerportal.records import columns, ledger, paying
from partnerportal.records.models import RECORDS, Difference, InvoicePayment, Mirror

OURS, THEIRS = "ours", "theirs"


class ChangedMeanwhile(Exception):
    """One of the two values was changed after the page was made: look again, then decide."""


class CantHold(Exception):
    """Our column can't hold the value there. `attribute`: which."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute)
        self.attribute = attribute


def stamp(row: Mirror) -> str:
    """What a page shows of the row's two sides: a decision counts only while it is the same."""
    return f"{row.version}.{row.remote_updated_at.isoformat() if row.remote_updated_at else ''}"


def open_fields(row: Mirror) -> list[str]:
    """The attributes that a person may decide, those in conflict first. None of what is deleted there.

    Where anything is in conflict, what was changed here alone is no part of it: it is simply sent.
    """
    if row.is_deleted:
        return []
    differing = row.wire.differing(row)
    if row.conflicts:
        changed_there = set(row.wire.changed_there(row))
        differing = [name for name in differing if name in changed_there]
    return list(dict.fromkeys([*row.conflicts, *differing]))


def changed_here_alone(row: Mirror) -> list[str]:
    """The attributes that wait to be sent and that nobody has to decide about."""
    asked = set(open_fields(row))
    return [name for name in row.dirty if name not in asked]


def decide(
    context: Context, noun: str, pk: int, choices: Mapping[str, str], reason: str, seen: str
) -> Mirror:
    """The row after "ours" or "theirs" for each attribute. Raises ChangedMeanwhile, CantHold, NotAllowed.

    Attributes that do not differ any more are left alone. `seen`: the stamp that the page showed.
    """
    with transaction.atomic():
        row = holding.held_by_key(noun, pk)
        if stamp(row) != seen:
            raise ChangedMeanwhile
        chosen = {name: choices[name] for name in open_fields(row) if name in choices}
        decided = {name: _values(row, name, side) for name, side in chosen.items()}
        for name, side in chosen.items():
            _settle(row, name, side)
        if isinstance(row, InvoicePayment) and THEIRS in chosen.values():
            paying.refuse_too_much(row)
        row.version += 1
        row.save()
        if row.account_pk is not None and THEIRS in chosen.values():
            ledger.reckon(row.account_pk)
        _forget(row)
        detail = {"reason": reason, "decided": decided}
        entries.write(f"{noun}_conflict_decided", _about(context, row), detail)
        free(row)
    return row


def _settle(row: Mirror, name: str, side: str) -> None:
    there = (row.remote or {}).get(name)
    if side == THEIRS and not columns.put(row, name, row.wire.attribute(name).form(there)):
        raise CantHold(name)
    known = row.wire.seen(row.acknowledged or {}, {name: there})
    row.acknowledged = {**known, name: {**known.get(name, {}), "sent": there, "answered": there}}


def _values(row: Mirror, name: str, side: str) -> dict[str, Any]:
    """For the entry: both values, what was acknowledged before, and which stays; of an SSN only which."""
    if row.wire.attribute(name).secret:
        return {"kept": side}
    known = (row.acknowledged or {}).get(name, {})
    return {
        "kept": side,
        "ours": columns.current(row, name),
        "theirs": (row.remote or {}).get(name),
        "acknowledged": known.get("answered"),
    }


def _forget(row: Mirror) -> None:
    """What our column could not take, and now differs no more."""
    known = Difference.objects.filter(noun=row.noun, record_id=row.pk).first()
    if known is not None and not set(known.attributes) & set(row.wire.changed_there(row)):
        known.delete()


def free(row: Mirror) -> None:
    """A push that waited for the decision goes on. The caller holds the row's lock."""
    waiting = Delivery.objects.filter(
        noun=row.noun, record_id=row.pk, state=Delivery.State.BLOCKED, reason="conflict"
    )
    for delivery in locks.locking(waiting).order_by("pk") if not row.conflicts else ():
        delivery.state, delivery.reason, delivery.needs_person_since = Delivery.State.PENDING, "", None
        delivery.next_at = db_now()
        delivery.save()
        mark(row, standing(row, Delivery(pk=0)))
        ring_lane(delivery.lane)


def free_settled() -> int:
    """Pushes that wait for a conflict which is none any more, because one side was changed back; how many."""
    blocked = Delivery.objects.filter(state=Delivery.State.BLOCKED, reason="conflict")
    freed = 0
    for noun, pk in list(blocked.values_list("noun", "record_id")[:500]):
        if RECORDS[noun].objects.filter(pk=pk, conflicts=[]).exists():
            with transaction.atomic():
                free(locks.record(noun, pk))
            freed += 1
    return freed


def _about(context: Context, row: Any) -> Context:
    return context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
