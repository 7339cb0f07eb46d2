"""What is done with payments: taken, applied, taken back; and write-offs. Whole cents.

Each is one transaction over the rows here; sending is asked for by the caller. The rules of section 5 are
checked first, in the user's words. Imports models and ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from partnerportal.kernel.money import dollars
from partnerportal.records.account import NotAllowed, refuse_invalid
from partnerportal.records.balances import Bill
from partnerportal.records.ledger import account, left_of, reckon
from partnerportal.records.locks import fresh, hold
from partnerportal.records.models import (
    Invoice,
    InvoicePayment,
    Patient,
    Payment,
    PaymentAdjustment,
    PaymentReason,
    WriteOff,
    WriteOffCode,
)


@dataclass(frozen=True)
class Taken:
    """A payment taken already, in cents; `apply`: to the visit it is entered with."""

    amount: int
    method: str
    description: str = ""
    apply: bool = True


@transaction.atomic
def take_payment(
    patient: Patient, taken: Taken, *, paid_on: date | None = None, source_key: str = ""
) -> Payment:
    """A payment of a patient or of insurance. Raises NotAllowed."""
    if taken.amount < 0 or (taken.amount == 0 and taken.method != Payment.Method.INSURANCE):
        raise NotAllowed("A payment has to be more than $0.00.", "amount")
    hold(patient.pk)
    payment = Payment(
        patient=patient,
        amount_cents=taken.amount,
        method=taken.method,
        description=taken.description,
        paid_on=paid_on,
        source_key=source_key,
    )
    refuse_invalid(payment)
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
    payment = _held(payment.pk)
    left = left_of(payment)
    if payment.voided or payment.adjustments.filter(void=True).exists():
        raise NotAllowed("This payment was voided.", "amount")
    now = Invoice.objects.filter(pk=invoice.pk).first()  # its account is held
    if now is None or now.deleted:
        raise NotAllowed("This invoice is deleted.", "invoice")
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


def oldest_first(payment: Payment, *, left: int | None = None) -> list[tuple[Invoice, int]]:
    """How a payment's rest would be spread over the open invoices, oldest first: (invoice, cents).

    Of insurance: over those that wait for it, up to what it still owes. `left`: of a payment not saved yet.
    """
    spread: list[tuple[Invoice, int]] = []
    left = left_of(payment) if left is None else left
    bills = {bill.key: bill for bill in account(payment.patient).bills}
    invoices = Invoice.objects.filter(patient=payment.patient, deleted=False, estimate=False)
    for invoice in invoices.order_by("date_of_service", "pk"):
        cents = min(left, _asked(bills[invoice.pk], payment))
        if cents > 0:
            spread.append((invoice, cents))
            left -= cents
    return spread


def _asked(bill: Bill, payment: Payment) -> int:
    if payment.method == Payment.Method.INSURANCE:
        return min(bill.insurance_balance, bill.balance) if bill.waits_for_insurance else 0
    return bill.balance if bill.counts else 0


@transaction.atomic
def change_applied(part: InvoicePayment, cents: int) -> InvoicePayment:
    """Apply more or less of a payment; 0 un-applies it. Raises NotAllowed."""
    payment = _held(part.payment_id)
    part = fresh(part)
    left = left_of(payment) + part.amount_cents
    if part.deleted or payment.voided:
        raise NotAllowed("This payment was voided.", "amount")
    if part.invoice.deleted:
        raise NotAllowed("This invoice is deleted.", "invoice")
    if not 0 <= cents <= left:
        raise NotAllowed(f"{dollars(cents)} is more than the {dollars(left)} left of this payment.", "amount")
    part.amount_cents = cents
    part.version += 1
    part.save()
    reckon(payment.patient_id)
    return part


def refuse_too_much(part: InvoicePayment) -> None:
    """Not more may be applied of a payment than it has. Raises NotAllowed.

    `part` is not saved yet; the caller holds its account.
    """
    payment = part.payment
    others = payment.applications.filter(deleted=False).exclude(pk=part.pk)
    left = payment.amount_cents - sum(others.values_list("amount_cents", flat=True))
    if part.amount_cents > left:
        raise NotAllowed(
            f"{dollars(part.amount_cents)} is more than the {dollars(left)} left of {payment.short_id}. "
            "Take back what else is applied of it first, or keep ours.",
            "paid_amount_cents",
        )


@transaction.atomic
def take_back(payment: Payment, cents: int, *, void: bool, known: int | None = None) -> PaymentAdjustment:
    """A refund (no balance changes) or a void of the whole. Effective once accepted. Raises NotAllowed.

    `known`: how many of them whoever asks has seen; asking twice from one page is refused.
    """
    payment = _held(payment.pk)
    if known is not None and payment.adjustments.count() != known:
        raise NotAllowed("Something was taken back of this payment while this page was open. Look again.")
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


@transaction.atomic
def write_off(
    patient: Patient, code: WriteOffCode, cents: int, day: date, *, known: int | None = None
) -> WriteOff:
    """An amount the patient need not pay. `known`: as for `take_back`. Raises NotAllowed."""
    if cents <= 0:
        raise NotAllowed("A write-off has to be more than $0.00.", "amount")
    if code.enterprise_id != patient.enterprise_id:
        raise NotAllowed("That code belongs to another enterprise.", "code")
    hold(patient.pk)
    if known is not None and patient.write_offs.count() != known:
        raise NotAllowed("Something was written off while this page was open. Look at the balance again.")
    row = WriteOff(patient=patient, write_off_code=code, amount_cents=cents, date=day)
    refuse_invalid(row)
    row.save()
    reckon(patient.pk)
    return row


def _held(payment_id: int) -> Payment:
    """The payment under its lock, after its account's."""
    hold(Payment.objects.values_list("patient_id", flat=True).get(pk=payment_id))
    rows = Payment.objects.select_for_update(of=("self",), no_key=True)
    held: Payment = rows.select_related("patient").get(pk=payment_id)
    return held


@transaction.atomic
def change_words(payment: Payment, *, description: str, paid_on: date | None) -> Payment:
    """Its description and day: amount and method are said once. Raises NotAllowed."""
    held = _held(payment.pk)
    if (held.description, held.paid_on) != (description, paid_on):
        held.description, held.paid_on = description, paid_on
        refuse_invalid(held)
        held.version += 1
        held.save()
    return held
