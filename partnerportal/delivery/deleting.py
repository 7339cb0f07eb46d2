"""Deleting an invoice or a line there: what is applied to an invoice is taken off it first. Imports services.

What becomes of money on a deleted invoice the contract says nowhere [A], so there never is any.
"""

from __future__ import annotations

from django.db import transaction

from partnerportal.audit.context import Context
from partnerportal.delivery import holding, locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NotPossible, request_push, request_remove
from partnerportal.kernel.clock import db_now
from partnerportal.records.ledger import reckon
from partnerportal.records.models import Invoice, InvoicePayment, LineItem, Mirror, Payment
from partnerportal.records.paying import change_applied


def delete_invoice(context: Context, invoice: Invoice) -> Delivery | None:
    """Take it back here and there; None where it was never sent. Raises NoKey, NotAllowed, NotPossible.

    What was applied to it becomes the patient's credit.
    """
    with transaction.atomic():
        invoice, parts = _invoice_held(invoice)
        for part in parts:
            if part.remote_id is None:
                part.delete()
            elif part.amount_cents:
                request_push(context, change_applied(part, 0))
        if invoice.remote_id is not None:
            return request_remove(context, invoice)
        invoice.lines.all().delete()
        invoice.delete()
        reckon(invoice.patient_id)
        return None


def _invoice_held(known: Invoice) -> tuple[Invoice, list[InvoicePayment]]:
    """The invoice as it is now, and what is applied to it; nothing of either waits any more.

    All that deleting it changes is locked, in order. Raises NotPossible.
    """
    locks.hold(known.patient_id)
    invoice = locks.fresh(known)
    applied = invoice.applications.filter(deleted=False)
    locks.ids(Payment.objects.filter(pk__in=applied.values("payment")))
    lines = list(locks.records("line_item", invoice.lines.values_list("pk", flat=True)))
    parts = list(locks.records("invoice_payment", applied.values_list("pk", flat=True)))
    withdrawn = [row for row in parts if row.remote_id is None]
    withdraw(invoice, *withdrawn, *(lines if invoice.remote_id is None else []), account=invoice.patient_id)
    return invoice, parts


def delete_line(context: Context, line: LineItem) -> Delivery | None:
    """The same for one line."""
    patient = line.invoice.patient_id
    with transaction.atomic():
        locks.hold(patient)
        line = locks.fresh(line)
        _refuse_unread(line)
        withdraw(line, *([line.invoice] if line.remote_id is None else []))
        if line.remote_id is not None:
            return request_remove(context, line)
        line.delete()
        reckon(patient)
        return None


def _refuse_unread(line: LineItem) -> None:
    """A line that went out with its invoice is at Inbox Health, though its id is not read back yet."""
    invoice = Invoice.objects.only("remote_id", "lines_read_at").get(pk=line.invoice_id)
    if line.remote_id is None and invoice.remote_id is not None and invoice.lines_read_at is None:
        raise NotPossible("Its invoice was sent just now. Delete the line once the lines are read back.")


def withdraw(*rows: Mirror, account: int | None = None, failed: bool = False) -> None:
    """Take back what of these waits to be sent. The caller holds them. Raises NotPossible.

    What is on its way may be there in a moment: it is deleted when that is known. `account`: a patient whose
    other deliveries are locked, too, for whoever goes on to them. `failed`: what failed asks nobody either.
    """
    for delivery in holding.deliveries(*rows, account=account):
        if (delivery.noun, delivery.record_id) not in {(row.noun, row.pk) for row in rows}:
            continue
        if delivery.state in Delivery.SENT:
            raise NotPossible("It is being sent right now. Delete it when that is done.")
        if delivery.state in Delivery.UNSENT or failed:
            delivery.state, delivery.reason = Delivery.State.CANCELLED, "deleted_here"
            delivery.settled_at, delivery.needs_person_since = db_now(), None
            delivery.lease_owner = delivery.lease_until = None
            delivery.save()


def forget(*rows: Mirror) -> None:
    """Of records that are about to be dropped, what failed asks nobody any more. The caller holds them.

    Raises NotPossible where something of them is open.
    """
    for delivery in holding.deliveries(*rows):
        if delivery.state in Delivery.OPEN:
            raise NotPossible("It is on its way. Cancel its delivery first.")
        delivery.state, delivery.reason, delivery.needs_person_since = (
            Delivery.State.CANCELLED,
            "deleted_here",
            None,
        )
        delivery.save(update_fields=["state", "reason", "needs_person_since"])
