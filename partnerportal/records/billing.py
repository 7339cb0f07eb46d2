"""What staff do with a patient's money: assign a balance, take and apply payments, take back, write off.

Each is one transaction over the rows here; sending is asked for by the caller. The rules of section 5 are
checked first, in the user's words. Whole cents. Imports models and ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from partnerportal.kernel.money import dollars
from partnerportal.records.ledger import account, left_of, reckon
from partnerportal.records.models import (
    Doctor,
    Invoice,
    InvoicePayment,
    LineItem,
    Patient,
    Payment,
    PaymentAdjustment,
    PaymentReason,
    Practice,
    WriteOff,
    WriteOffCode,
)


class NotAllowed(Exception):
    """A rule of the contract's section 5 would be broken. `field` names where; the text is for the user."""

    def __init__(self, sentence: str, field_name: str = "") -> None:
        super().__init__(sentence)
        self.field = field_name


@dataclass(frozen=True)
class Charge:
    """One line as entered. Amounts are cents; `each` is per unit."""

    description: str
    each: int
    quantity: int = 1
    covered: int = 0
    insurance_owed: int = 0
    tax: int = 0
    service_code: str = ""
    date_of_service: date | None = None


@dataclass(frozen=True)
class Taken:
    """A payment taken already, in cents; `apply`: to the visit it is entered with."""

    amount: int
    method: str
    description: str = ""
    apply: bool = True


@dataclass(frozen=True)
class Visit:
    """What is billed together."""

    practice: Practice
    date_of_service: date
    lines: Sequence[Charge]
    doctor: Doctor | None = None
    estimate: bool = False
    notes: str = ""
    email_to: str = ""
    claim_number: str = ""
    taken: Sequence[Taken] = field(default_factory=tuple)


@transaction.atomic
def assign_balance(patient: Patient, visit: Visit) -> Invoice:
    """The invoice with its lines, the payments taken and what is applied. Raises NotAllowed."""
    if not visit.lines:
        raise NotAllowed("A balance needs at least one line.", "lines")
    invoice = Invoice(
        patient=patient,
        practice=visit.practice,
        doctor=visit.doctor,
        date_of_service=visit.date_of_service,
        estimate=visit.estimate,
        notes=visit.notes,
        email_to=visit.email_to,
        claim_number=visit.claim_number,
    )
    invoice.save()
    for charge in visit.lines:
        add_line(invoice, charge)
    for taken in visit.taken:
        payment = take_payment(patient, taken)
        if taken.apply:
            apply_to(payment, invoice, min(taken.amount, max(0, _still_owed(patient, invoice))))
    reckon(patient.pk)
    return invoice


def add_line(invoice: Invoice, charge: Charge) -> LineItem:
    """One more line of an invoice."""
    line = LineItem(
        invoice=invoice,
        service_code=charge.service_code,
        description=charge.description,
        date_of_service=charge.date_of_service,
        total_charge_amount_cents=charge.each,
        quantity=charge.quantity,
        covered_amount_cents=charge.covered,
        insurance_owed_amount_cents=charge.insurance_owed,
        tax_amount_cents=charge.tax,
    )
    line.save()
    reckon(invoice.patient_id)
    return line


def take_payment(
    patient: Patient, taken: Taken, *, paid_on: date | None = None, source_key: str = ""
) -> Payment:
    """A payment of a patient or of insurance. Raises NotAllowed."""
    if taken.amount < 0 or (taken.amount == 0 and taken.method != Payment.Method.INSURANCE):
        raise NotAllowed("A payment has to be more than $0.00.", "amount")
    payment = Payment(
        patient=patient,
        amount_cents=taken.amount,
        method=taken.method,
        description=taken.description,
        paid_on=paid_on,
        source_key=source_key,
    )
    payment.save()
    reckon(patient.pk)
    return payment


@transaction.atomic
def apply_to(
    payment: Payment, invoice: Invoice, cents: int, *, reason: PaymentReason | None = None
) -> InvoicePayment | None:
    """Apply a part of a payment to an invoice of the same patient; None for nothing. Raises NotAllowed.

    $0 is applied only of an insurance payment with a reason: it records that insurance paid nothing.
    """
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    left = left_of(payment)
    if payment.voided:
        raise NotAllowed("This payment was voided.", "amount")
    if invoice.patient_id != payment.patient_id:
        raise NotAllowed("The payment and the invoice belong to two people.", "invoice")
    if cents > left:
        raise NotAllowed(f"{dollars(cents)} is more than the {dollars(left)} left of this payment.", "amount")
    if cents < 0 or (cents == 0 and not (payment.method == Payment.Method.INSURANCE and reason)):
        return None
    part = InvoicePayment(payment=payment, invoice=invoice, amount_cents=cents, reason=reason)
    part.save()
    reckon(payment.patient_id)
    return part


def oldest_first(payment: Payment) -> list[tuple[Invoice, int]]:
    """How a payment's rest would be spread over the open invoices, oldest first: (invoice, cents)."""
    left, spread = left_of(payment), []
    bills = {bill.key: bill for bill in account(payment.patient).bills}
    for invoice in Invoice.objects.filter(patient=payment.patient, deleted=False).order_by(
        "date_of_service", "pk"
    ):
        bill = bills[invoice.pk]
        cents = min(left, bill.balance) if bill.counts else 0
        if cents > 0:
            spread.append((invoice, cents))
            left -= cents
    return spread


@transaction.atomic
def change_applied(part: InvoicePayment, cents: int) -> None:
    """Apply more or less of a payment; 0 un-applies it. Raises NotAllowed."""
    payment = Payment.objects.select_for_update().get(pk=part.payment_id)
    left = left_of(payment) + part.amount_cents
    if not 0 <= cents <= left:
        raise NotAllowed(f"{dollars(cents)} is more than the {dollars(left)} left of this payment.", "amount")
    part.amount_cents = cents
    part.version += 1
    part.save()
    reckon(payment.patient_id)


@transaction.atomic
def take_back(payment: Payment, cents: int, *, void: bool) -> PaymentAdjustment:
    """A refund (no balance changes) or a void of the whole. Effective once accepted. Raises NotAllowed."""
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.voided or payment.adjustments.filter(void=True).exists():
        raise NotAllowed("This payment is voided already.", "amount")
    asked = sum(payment.adjustments.values_list("amount_cents", flat=True))
    left = payment.amount_cents - asked
    if void and asked:
        raise NotAllowed("A payment of which something was refunded can't be voided any more.", "amount")
    if void and cents != payment.amount_cents:
        raise NotAllowed(f"A void is always of the whole {dollars(payment.amount_cents)}.", "amount")
    if not 0 < cents <= left:
        raise NotAllowed(f"{dollars(cents)} is more than the {dollars(left)} left to refund.", "amount")
    adjustment = PaymentAdjustment(payment=payment, amount_cents=cents, void=void)
    adjustment.save()
    return adjustment


def write_off(patient: Patient, code: WriteOffCode, cents: int, day: date) -> WriteOff:
    """An amount the patient need not pay. Raises NotAllowed."""
    if cents <= 0:
        raise NotAllowed("A write-off has to be more than $0.00.", "amount")
    if code.enterprise_id != patient.enterprise_id:
        raise NotAllowed("That code belongs to another enterprise.", "code")
    row = WriteOff(patient=patient, write_off_code=code, amount_cents=cents, date=day)
    row.save()
    reckon(patient.pk)
    return row


def accepted(row: object) -> None:
    """What an accepted write changes here besides its own row; in the transaction that settles it."""
    if isinstance(row, PaymentAdjustment):
        payment = Payment.objects.select_for_update().get(pk=row.payment_id)
        if row.void:
            payment.voided = True
            for part in payment.applications.filter(deleted=False):
                part.deleted = True
                part.save()
        else:
            payment.refunded_cents += row.amount_cents
        payment.save()
        reckon(payment.patient_id)


def removed(row: object) -> None:
    """An invoice or line that Inbox Health has deleted counts for nothing here either."""
    if isinstance(row, (Invoice, LineItem)):
        row.deleted = True
        row.save()
        reckon(row.patient_id if isinstance(row, Invoice) else row.invoice.patient_id)


def _still_owed(patient: Patient, invoice: Invoice) -> int:
    return next(bill.balance for bill in account(patient).bills if bill.key == invoice.pk)
