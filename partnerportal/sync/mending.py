"""What a person does about one difference: send again what is missing, mark it removed, bring in, link.

One transaction each, with an entry. Imports records, delivery and adopting.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import deleting, holding, locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NotPossible
from partnerportal.records import ledger
from partnerportal.records.models import RECORDS, Enterprise, Invoice, Mirror, Patient, Payment, Sighting
from partnerportal.sync import adopting, lists

# A deleted invoice takes its lines along, so it is entered anew instead.
SENT_AGAIN = tuple(noun for noun in lists.NOUNS if noun != "invoice")
MARKED_REMOVED = ("patient", "invoice", "line_item", "invoice_payment")


def untie_missing(context: Context, noun: str, pk: int) -> Mirror:
    """Forget the twin that is gone, so that a push makes a new one. Raises NotPossible."""
    with transaction.atomic():
        row = _missing(noun, pk)
        if isinstance(row, Payment):
            _refuse_parts(row)
        was = row.remote_id
        row.remote_id = row.remote = row.missing_since = row.remote_updated_at = row.accepted_at = None
        row.acknowledged = {}
        row.version += 1
        row.save()
        entries.write(f"{noun}_untied", _about(context, row), {"remote_id": was, "why": "missing there"})
    return row


def mark_removed(context: Context, noun: str, pk: int) -> Mirror:
    """What is gone there is removed here too, and money of it counts no more. Raises NotPossible.

    Of MARKED_REMOVED; nothing is sent.
    """
    with transaction.atomic():
        row: Any = _missing(noun, pk)
        if isinstance(row, Patient):
            _removed(row)
        else:
            _mark_deleted(row, *_below(row))
            ledger.reckon(row.account_pk)
        entries.write(f"{noun}_marked_removed", _about(context, row), {"why": "missing there"})
    return row  # type: ignore[no-any-return]


def _below(row: Mirror) -> list[Any]:
    """What goes with an invoice: its lines, and what is applied to it, which is the patient's credit then."""
    if not isinstance(row, Invoice):
        return []
    below = (row.lines.filter(deleted=False), row.applications.filter(deleted=False))
    pks = [(rows.model.wire.noun, rows.values_list("pk", flat=True)) for rows in below]
    return [one for noun, found in pks for one in locks.records(noun, found)]


def _mark_deleted(*rows: Any) -> None:
    """Raises NotPossible."""
    deleting.withdraw(*rows, failed=True)
    for row in rows:
        row.deleted, row.missing_since, row.delivery_state = True, None, ""
        row.version += 1
        row.save()


def _removed(row: Patient) -> None:
    row.removed, row.missing_since = True, None
    row.version += 1
    known = {name: {"sent": value, "answered": value} for name, value in row.wire.create_payload(row).items()}
    row.acknowledged = {**row.acknowledged, **known}
    row.save()


def _refuse_parts(payment: Payment) -> None:
    """Parts of it that are tied there would be left with a payment that is not. Raises NotPossible."""
    if payment.adjustments.filter(remote_id__isnull=False).exists():
        raise NotPossible(f"{payment.short_id} was refunded or voided there, so it can't be sent again.")
    tied = payment.applications.filter(deleted=False, remote_id__isnull=False).light()
    if tied:
        named = ", ".join(row.short_id for row in tied)
        raise NotPossible(f"{named} of {payment.short_id} is tied there. Mark it removed first.")


def _missing(noun: str, pk: int) -> Mirror:
    row = holding.held_by_key(noun, pk)
    if row.missing_since is None:
        raise NotPossible(f"{row.short_id} is not missing any more.")
    if Delivery.objects.filter(noun=noun, record_id=pk, state__in=Delivery.SENT).exists():
        raise NotPossible(f"{row.short_id} is being sent. Wait for its answer.")
    return row


def bring_one_in(context: Context, noun: str, remote_id: int, *, as_new: bool) -> str:
    """One that is only there: linked, made ours, or "doubtful" where a person has to say first."""
    seen = Sighting.objects.filter(noun=noun, remote_id=remote_id).first()
    enterprise = Enterprise.objects.filter(pk=seen.enterprise_id or 0).first() if seen else None
    if seen is None or enterprise is None or not seen.record:
        raise NotPossible("It was not seen there.")
    _nothing_under_way(noun, enterprise)
    return adopting.take_in(noun, seen.record, enterprise, context, as_new=as_new)


def link_one(context: Context, noun: str, remote_id: int, pk: int) -> Mirror:
    """A person says: theirs is ours. Raises NotPossible."""
    with transaction.atomic():
        seen = Sighting.objects.filter(noun=noun, remote_id=remote_id).first()
        row = holding.held_by_key(noun, pk)
        if seen is None or not seen.record or seen.enterprise_id != row.enterprise_pk:
            raise NotPossible("It was not seen there.")
        if row.remote_id is not None or RECORDS[noun].objects.filter(remote_id=remote_id).exists():
            raise NotPossible("One of the two is tied already.")
        if Delivery.objects.filter(noun=noun, record_id=pk, state__in=Delivery.SENT).exists():
            raise NotPossible("A create of this record is on its way; decide that delivery instead.")
        adopting.link(row, seen.record, context)
    return row


def _nothing_under_way(noun: str, enterprise: Enterprise) -> None:
    sent = Delivery.objects.filter(noun=noun, enterprise=enterprise, state__in=Delivery.SENT)
    if sent.exists():
        raise NotPossible("A create is on its way and may be this one. Wait for its answer.")


def _about(context: Context, row: Any) -> Context:
    return context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
