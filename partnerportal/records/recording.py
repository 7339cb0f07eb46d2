"""A payment as it is entered: taken, applied, and what insurance no longer owes lowered, in one transaction.

Imports paying, billing and ledger. Whole cents; the rules are those of the services it calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from partnerportal.kernel.money import dollars
from partnerportal.records.account import NotAllowed
from partnerportal.records.balances import Account, Paid
from partnerportal.records.billing import Charge, change_line
from partnerportal.records.forecast import after_payment
from partnerportal.records.ledger import account
from partnerportal.records.locks import hold
from partnerportal.records.models import Invoice, LineItem, Patient, Payment, PaymentReason
from partnerportal.records.paying import Taken, apply_to, oldest_first, take_payment

ONE, OLDEST, NONE = "one", "oldest", "none"


@dataclass(frozen=True)
class Receipt:
    """A payment to record. `how`: to one invoice, oldest first, or not applied; `cents` of it to the one.

    `settles`: insurance owes nothing more on that invoice, so the rest of it is lowered on its lines.
    `key` makes saving it twice one payment.
    """

    taken: Taken
    how: str = NONE
    invoice: Invoice | None = None
    cents: int = 0
    reason: PaymentReason | None = None
    settles: bool = False
    paid_on: date | None = None
    key: str = ""


@dataclass(frozen=True)
class Outlook:
    """What a receipt would do. `parts`: cents by invoice; `lowered`: what insurance owes less, by invoice."""

    parts: Mapping[int, int]
    left: int
    lowered: Mapping[int, int]
    before: Account
    after: Account


@dataclass(frozen=True)
class Recorded:
    """`lines`: those that were lowered. `made` is False where the same form was saved before."""

    payment: Payment
    lines: list[LineItem]
    made: bool = True


@transaction.atomic
def record_payment(patient: Patient, receipt: Receipt) -> Recorded:
    """Take, apply, lower. Raises NotAllowed."""
    hold(patient.pk)
    known = Payment.objects.filter(enterprise=patient.enterprise_id, source_key=receipt.key or None).first()
    if known is not None:
        return Recorded(known, [], made=False)
    _refuse(patient, receipt)
    payment = take_payment(patient, receipt.taken, paid_on=receipt.paid_on, source_key=receipt.key)
    if receipt.how == OLDEST:
        for invoice, cents in oldest_first(payment):
            apply_to(payment, invoice, cents, reason=receipt.reason)
    elif receipt.how == ONE and receipt.invoice is not None:
        apply_to(payment, receipt.invoice, receipt.cents, reason=receipt.reason)
    lines = _settle(receipt.invoice) if receipt.settles and receipt.invoice is not None else []
    return Recorded(payment, lines)


def refuse_overpaid(patient: Patient, invoice: Invoice, cents: int) -> None:
    """More than is open on an invoice is not applied to it: it would owe the patient. Raises NotAllowed."""
    bill = next((b for b in account(patient).bills if b.key == invoice.pk), None)
    most = max(0, bill.balance) if bill is not None else 0
    if cents > most:
        raise NotAllowed(f"{dollars(cents)} is more than the {dollars(most)} open on this invoice.", "cents")


def _refuse(patient: Patient, receipt: Receipt) -> None:
    """The rules that hold before anything is written. Raises NotAllowed."""
    nothing = receipt.taken.amount == 0 and receipt.taken.method == Payment.Method.INSURANCE
    if receipt.how == ONE and receipt.invoice is None:
        raise NotAllowed("Choose the invoice it is applied to.", "invoice")
    if nothing and (receipt.how != ONE or receipt.invoice is None):
        raise NotAllowed("Choose the invoice that insurance paid nothing of.", "invoice")
    if nothing and receipt.reason is None:
        raise NotAllowed("Say why insurance paid nothing: choose a reason.", "reason")
    if receipt.how == ONE and receipt.invoice is not None:
        refuse_overpaid(patient, receipt.invoice, receipt.cents)
        if receipt.cents > receipt.taken.amount:
            whole = dollars(receipt.taken.amount)
            raise NotAllowed(
                f"{dollars(receipt.cents)} is more than the {whole} left of this payment.", "cents"
            )


def outlook(patient: Patient, receipt: Receipt) -> Outlook:
    """What saving it would do, without saving it. Raises NotAllowed."""
    _refuse(patient, receipt)
    now, taken = account(patient), receipt.taken
    insurance = taken.method == Payment.Method.INSURANCE
    parts: dict[int, int] = {}
    if receipt.how == OLDEST:
        draft = Payment(patient=patient, amount_cents=taken.amount, method=taken.method)
        parts = {invoice.pk: cents for invoice, cents in oldest_first(draft, left=taken.amount)}
    elif receipt.how == ONE and receipt.invoice is not None:
        parts = {receipt.invoice.pk: receipt.cents}
    paid = Paid(taken.amount, insurance=insurance)
    lowered = _lowered(now, paid, parts, receipt)
    after = after_payment(now, paid, parts, lowered)
    return Outlook(parts, taken.amount - sum(parts.values()), lowered, now, after)


def _lowered(now: Account, paid: Paid, parts: Mapping[int, int], receipt: Receipt) -> dict[int, int]:
    if not receipt.settles or receipt.invoice is None:
        return {}
    bill = next(b for b in after_payment(now, paid, parts).bills if b.key == receipt.invoice.pk)
    return {bill.key: bill.insurance_balance} if bill.waits_for_insurance else {}


def _settle(invoice: Invoice) -> list[LineItem]:
    """Lower what insurance still owes on an invoice's lines until it owes nothing; the lines changed."""
    bill = next(b for b in account(invoice.patient).bills if b.key == invoice.pk)
    rest, changed = bill.insurance_balance, []
    for line in invoice.lines.filter(deleted=False, insurance_owed_amount_cents__gt=0).order_by("pk"):
        less = min(rest, line.insurance_owed_amount_cents)
        if less > 0:
            charge = replace(charge_of(line), insurance_owed=line.insurance_owed_amount_cents - less)
            changed.append(change_line(line, charge))
            rest -= less
    return changed


def charge_of(line: LineItem) -> Charge:
    """A line as it was entered."""
    return Charge(
        line.description,
        line.total_charge_amount_cents,
        line.quantity,
        line.covered_amount_cents,
        line.insurance_owed_amount_cents,
        line.tax_amount_cents,
        line.service_code,
        line.date_of_service,
    )
