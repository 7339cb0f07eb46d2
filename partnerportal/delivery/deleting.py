"""Deleting an invoice or a line there: what is applied to an invoice is taken off it first. Imports services.

What becomes of money on a deleted invoice the contract says nowhere [A], so there never is any.
"""

from __future__ import annotations

from django.db import transaction

from partnerportal.audit.context import Context
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NotPossible, request_push, request_remove
from partnerportal.records.account import hold
from partnerportal.records.ledger import reckon
from partnerportal.records.models import Invoice, LineItem, Mirror
from partnerportal.records.paying import change_applied


def delete_invoice(context: Context, invoice: Invoice) -> Delivery | None:
    """Take it back here and there; None where it was never sent. Raises NoKey, NotAllowed, NotPossible.

    What was applied to it becomes the patient's credit.
    """
    with transaction.atomic():
        hold(invoice.patient_id)
        withdraw(invoice)
        for part in invoice.applications.filter(deleted=False).order_by("pk"):
            if part.remote_id is None:
                withdraw(part)
                part.delete()
            elif part.amount_cents:
                request_push(context, change_applied(part, 0))
        if invoice.remote_id is not None:
            return request_remove(context, invoice)
        invoice.lines.all().delete()
        invoice.delete()
        reckon(invoice.patient_id)
        return None


def delete_line(context: Context, line: LineItem) -> Delivery | None:
    """The same for one line."""
    patient = line.invoice.patient_id
    with transaction.atomic():
        hold(patient)
        withdraw(line.invoice if line.remote_id is None else line)
        if line.remote_id is not None:
            return request_remove(context, line)
        line.delete()
        reckon(patient)
        return None


def withdraw(row: Mirror) -> None:
    """Take back what of it waits to be sent. Raises NotPossible.

    What is on its way may be there in a moment: it is deleted when that is known.
    """
    mine = Delivery.objects.filter(noun=row.noun, record_id=row.pk)
    if mine.filter(state__in=Delivery.SENT).exists():
        raise NotPossible("It is being sent right now. Delete it when that is done.")
    mine.filter(state__in=Delivery.UNSENT).update(
        state=Delivery.State.CANCELLED, reason="deleted_here", needs_person_since=None
    )
