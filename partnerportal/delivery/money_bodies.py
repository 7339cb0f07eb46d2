"""What goes with the money's nouns besides their own attributes. Reads rows, writes none. Imports records.

Source: contract 4: an invoice with its lines in one request; `voided` and `email` stand beside the root key.
"""

from __future__ import annotations

from typing import Any

from partnerportal.records.models import Invoice, InvoicePayment, LineItem, Mirror, PaymentAdjustment

LINES = "lines"  # in an Attempt's payload: [[primary key, {attribute: value}], …] as sent with an invoice


def is_done(row: Mirror) -> bool:
    """Whether it is there although its id is not known: it must not be sent again."""
    return isinstance(row, PaymentAdjustment) and row.seen_on_payment


def within(row: Mirror) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a create carries inside its root, and what of it is remembered with the attempt."""
    if isinstance(row, Invoice):
        lines = [(line.pk, of_line(line)) for line in unsent_lines(row)]
        return {"line_items_attributes": [body for _, body in lines]}, {LINES: [list(pair) for pair in lines]}
    if isinstance(row, InvoicePayment) and row.reason is not None:
        return {
            "payment_reasons_invoice_payments_attributes": [{"payment_reason_id": row.reason.remote_id}]
        }, {}
    return {}, {}


def beside(row: Mirror) -> dict[str, Any]:
    """What stands beside the root key."""
    if isinstance(row, PaymentAdjustment):
        return {"voided": row.void}
    if isinstance(row, Invoice) and row.email_to:
        return {"email": row.email_to}
    return {}


def carrier(row: Mirror) -> dict[str, Any]:
    """What an update carries that changes nothing: an invoice that is only to be mailed. Contract 4 [D]."""
    if isinstance(row, Invoice) and row.email_to:
        return {"date_of_service": row.wire.values(row)["date_of_service"]}
    return {}


def unsent_lines(invoice: Invoice) -> list[LineItem]:
    """The lines that go out with their invoice's create."""
    return list(invoice.lines.filter(remote_id=None, deleted=False).order_by("pk"))


def of_line(line: LineItem) -> dict[str, Any]:
    """A line as it goes out within its invoice."""
    sent = line.wire.create_payload(line)
    return {name: value for name, value in sent.items() if name != "invoice_id"}
