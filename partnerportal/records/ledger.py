"""The account of a patient from the rows here, and the balance kept on the patient. Imports models."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum
from django.utils import timezone

from partnerportal.records.balances import Account, Applied, Bill, Breakdown, Line, Paid, breakdown
from partnerportal.records.models import Invoice, InvoicePayment, LineItem, Patient, Payment, WriteOff

_FIGURES = ("balance_cents", "insurance_cents", "due")


def account(patient: Patient) -> Account:
    """All that counts towards a patient's balance."""
    return accounts([patient.pk])[patient.pk]


def accounts(patient_ids: Iterable[int]) -> dict[int, Account]:
    """The accounts of these patients by primary key, in five queries however many they are."""
    found = list(patient_ids)
    of_invoice, of_payment = _applied(found)
    by_invoice: dict[int, list[Line]] = {}
    for line in LineItem.objects.filter(invoice__patient__in=found, deleted=False).light().order_by("pk"):
        by_invoice.setdefault(line.invoice_id, []).append(line_of(line))
    invoices = Invoice.objects.filter(patient__in=found).order_by("date_of_service", "pk")
    bills: dict[int, list[Bill]] = {pk: [] for pk in found}
    for i in invoices.only("pk", "patient_id", "estimate", "deleted", "date_of_service"):
        bill = Bill(i.pk, by_invoice.get(i.pk, []), of_invoice.get(i.pk, []), i.estimate, i.deleted)
        bills[i.patient_id].append(bill)
    payments: dict[int, list[Paid]] = {pk: [] for pk in found}
    known = Payment.objects.filter(patient__in=found)
    for p in known.only("pk", "patient_id", "amount_cents", "method", "voided"):
        insurance = p.method == Payment.Method.INSURANCE
        payments[p.patient_id].append(Paid(p.amount_cents, of_payment.get(p.pk, 0), insurance, p.voided))
    offs: dict[int, list[int]] = {pk: [] for pk in found}
    for pk, cents in WriteOff.objects.filter(patient__in=found).values_list("patient_id", "amount_cents"):
        offs[pk].append(cents)
    return {pk: Account(bills[pk], payments[pk], offs[pk]) for pk in found}


def _applied(patient_ids: Iterable[int]) -> tuple[dict[int, list[Applied]], dict[int, int]]:
    """What is applied, by invoice; and how much of each payment."""
    parts = InvoicePayment.objects.filter(payment__patient__in=patient_ids, deleted=False)
    of_invoice: dict[int, list[Applied]] = {}
    of_payment: dict[int, int] = {}
    for invoice, payment, cents, method in parts.values_list(
        "invoice_id", "payment_id", "amount_cents", "payment__method"
    ):
        of_invoice.setdefault(invoice, []).append(Applied(cents, method == Payment.Method.INSURANCE))
        of_payment[payment] = of_payment.get(payment, 0) + cents
    return of_invoice, of_payment


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
    whole = account(patient)
    found = breakdown(whole)
    _keep_figures([whole])
    there = patient.balance_there_cents
    Patient.objects.filter(pk=patient_id).update(
        balance_cents=found.owes, balance_gap_cents=None if there is None else abs(found.owes - there)
    )
    return found


def reckon_all(patient_ids: Iterable[int]) -> None:
    """As `reckon`, for many at once. The caller holds their accounts."""
    patients = Patient.objects.filter(pk__in=list(patient_ids)).only("pk", "balance_there_cents")
    known = accounts([patient.pk for patient in patients])
    for patient in patients:
        patient.balance_cents, there = breakdown(known[patient.pk]).owes, patient.balance_there_cents
        patient.balance_gap_cents = None if there is None else abs(patient.balance_cents - there)
    _keep_figures(known.values())
    Patient.objects.bulk_update(patients, ["balance_cents", "balance_gap_cents"], batch_size=500)


def _keep_figures(wholes: Iterable[Account]) -> None:
    """What each invoice comes to, on its row: lists filter and sort by it."""
    bills = {bill.key: bill for whole in wholes for bill in whole.bills}
    changed = []
    for row in Invoice.objects.filter(pk__in=bills).only("pk", *_FIGURES):
        bill = bills[row.pk]
        now = (bill.balance, bill.insurance_balance, bill.due)
        if (row.balance_cents, row.insurance_cents, row.due) != now:
            row.balance_cents, row.insurance_cents, row.due = now
            changed.append(row)
    Invoice.objects.bulk_update(changed, _FIGURES, batch_size=500)


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
