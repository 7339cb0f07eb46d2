"""A patient's account as Inbox Health has accepted it: from the last answer kept on each row. Imports models.

Only what was read there says what is owed there (Patient.balance_there_cents); this says what of it is known.
"""

from __future__ import annotations

from typing import Any

from partnerportal.records.balances import Account, Applied, Bill, Line, Paid
from partnerportal.records.models import (
    Invoice,
    InvoicePayment,
    LineItem,
    Mirror,
    Patient,
    Payment,
    WriteOff,
)

INSURANCE = "insurance"


def account_there(patient: Patient) -> Account:
    """All that Inbox Health has accepted of a patient's money, in five queries."""
    there = {"remote_id__isnull": False}
    lines: dict[int, list[Line]] = {}
    for line in LineItem.objects.filter(invoice__patient=patient, deleted=False, **there):
        lines.setdefault(line.invoice_id, []).append(_line(line))
    of_invoice, of_payment = _applied(patient)
    invoices = Invoice.objects.filter(patient=patient, **there).order_by("date_of_service", "pk")
    payments = Payment.objects.filter(patient=patient, **there)
    return Account(
        bills=[
            Bill(i.pk, lines.get(i.pk, []), of_invoice.get(i.pk, []), bool(said(i, "estimate")), i.deleted)
            for i in invoices
        ],
        payments=[
            Paid(
                _cents(p, "expected_amount_cents"),
                of_payment.get(p.pk, 0),
                said(p, "payment_method_type") == INSURANCE,
                p.voided,
            )
            for p in payments
        ],
        write_offs=[_cents(w, "amount_cents") for w in WriteOff.objects.filter(patient=patient, **there)],
    )


def said(row: Mirror, name: str) -> Any:
    """What Inbox Health last said of an attribute; where it said nothing, what was sent."""
    remote = row.remote or {}
    return remote[name] if name in remote else (row.acknowledged or {}).get(name, {}).get("sent")


def _cents(row: Mirror, name: str) -> int:
    """An answer that is no number counts for nothing: the sum then shows that something is not known."""
    value = said(row, name)
    return value if isinstance(value, int) else 0


def _line(line: LineItem) -> Line:
    quantity = said(line, "quantity")
    return Line(
        _cents(line, "total_charge_amount_cents"),
        quantity if isinstance(quantity, int) else 1,
        _cents(line, "tax_amount_cents"),
        _cents(line, "covered_amount_cents"),
        _cents(line, "insurance_owed_amount_cents"),
    )


def _applied(patient: Patient) -> tuple[dict[int, list[Applied]], dict[int, int]]:
    """What is applied there, by invoice; and how much of each payment."""
    rows = InvoicePayment.objects.filter(payment__patient=patient, deleted=False, remote_id__isnull=False)
    of_invoice: dict[int, list[Applied]] = {}
    of_payment: dict[int, int] = {}
    for part in rows.select_related("payment"):
        cents = _cents(part, "paid_amount_cents")
        insurance = part.payment.method == INSURANCE
        of_invoice.setdefault(part.invoice_id, []).append(Applied(cents, insurance))
        of_payment[part.payment_id] = of_payment.get(part.payment_id, 0) + cents
    return of_invoice, of_payment
