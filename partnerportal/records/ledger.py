"""The account of a patient from the rows here, and the balance kept on the patient. Imports models."""

from __future__ import annotations

from django.db.models import Sum
from django.utils import timezone

from partnerportal.records.balances import Account, Applied, Bill, Breakdown, Line, Paid, breakdown
from partnerportal.records.models import Invoice, InvoicePayment, LineItem, Patient, Payment, WriteOff


def account(patient: Patient) -> Account:
    """All that counts towards a patient's balance, in three queries."""
    invoices = Invoice.objects.filter(patient=patient).order_by("date_of_service", "pk")
    lines = LineItem.objects.filter(invoice__patient=patient, deleted=False).order_by("pk")
    parts = InvoicePayment.objects.filter(payment__patient=patient, deleted=False).values_list(
        "invoice_id", "payment_id", "amount_cents", "payment__method"
    )
    of_invoice: dict[int, list[Applied]] = {}
    of_payment: dict[int, int] = {}
    for invoice, payment, cents, method in parts:
        of_invoice.setdefault(invoice, []).append(Applied(cents, method == Payment.Method.INSURANCE))
        of_payment[payment] = of_payment.get(payment, 0) + cents
    by_invoice: dict[int, list[Line]] = {}
    for line in lines:
        by_invoice.setdefault(line.invoice_id, []).append(line_of(line))
    return Account(
        bills=[
            Bill(i.pk, by_invoice.get(i.pk, []), of_invoice.get(i.pk, []), i.estimate, i.deleted)
            for i in invoices.only("pk", "estimate", "deleted", "date_of_service")
        ],
        payments=[
            Paid(p.amount_cents, of_payment.get(p.pk, 0), p.method == Payment.Method.INSURANCE, p.voided)
            for p in Payment.objects.filter(patient=patient).only("pk", "amount_cents", "method", "voided")
        ],
        write_offs=list(WriteOff.objects.filter(patient=patient).values_list("amount_cents", flat=True)),
    )


def line_of(line: LineItem) -> Line:
    """The figures of one line."""
    return Line(
        line.total_charge_amount_cents,
        line.quantity,
        line.tax_amount_cents,
        line.covered_amount_cents,
        line.insurance_owed_amount_cents,
    )


def reckon(patient_id: int) -> Breakdown:
    """Reckon a patient's balance and keep it on the row. The caller changed the patient's money just now."""
    patient = Patient.objects.only("pk", "balance_there_cents").get(pk=patient_id)
    found = breakdown(account(patient))
    there = patient.balance_there_cents
    Patient.objects.filter(pk=patient_id).update(
        balance_cents=found.owes, balance_gap_cents=None if there is None else abs(found.owes - there)
    )
    return found


def compare(patient: Patient, there: int) -> None:
    """Keep what Inbox Health says the patient owes, read just now."""
    ours = breakdown(account(patient)).owes
    Patient.objects.filter(pk=patient.pk).update(
        balance_cents=ours,
        balance_there_cents=there,
        balance_read_at=timezone.now(),
        balance_gap_cents=abs(ours - there),
    )


def left_of(payment: Payment) -> int:
    """What is not applied of a payment, in cents."""
    applied = payment.applications.filter(deleted=False).aggregate(sum=Sum("amount_cents"))["sum"] or 0
    return 0 if payment.voided else payment.amount_cents - applied
