"""What payments say: states, what saving would do, what taking back would do, with figures. Source: pages 2.

Imports records' services and formats; reads rows, writes none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from partnerportal.console import formats
from partnerportal.console.words import Word
from partnerportal.kernel.money import dollars, owed
from partnerportal.records.balances import Account, Paid, breakdown
from partnerportal.records.forecast import after_void
from partnerportal.records.ledger import account
from partnerportal.records.models import Invoice, Patient, Payment
from partnerportal.records.recording import Outlook, Receipt


@dataclass(frozen=True)
class Part:
    """One invoice of a forecast, with what is open on it before and after."""

    short_id: str
    day: str
    cents: int
    before: int
    after: int
    waits: bool


@dataclass(frozen=True)
class Forecast:
    """What saving would do, ready to be shown."""

    parts: Sequence[Part]
    left: int
    before: int
    after: int
    lowered: int
    insurance: bool

    @property
    def sentence(self) -> str:
        """What becomes of the rest, and of what insurance owed."""
        said = []
        if self.lowered:
            said.append(
                f"Insurance owes nothing more: {dollars(self.lowered)} of it is lowered on the lines, "
                "and the patient owes the rest of the invoice."
            )
        if self.left:
            rest = "stays unapplied" if self.insurance else "stays unapplied: the patient’s credit"
            said.append(f"{dollars(self.left)} {rest}.")
        return " ".join(said)


def forecast(patient: Patient, receipt: Receipt, found: Outlook) -> Forecast:
    return Forecast(
        parts=_parts(found.before, found.after, found.parts),
        left=found.left,
        before=breakdown(found.before).owes,
        after=breakdown(found.after).owes,
        lowered=sum(found.lowered.values()),
        insurance=receipt.taken.method == Payment.Method.INSURANCE,
    )


def _parts(before: Account, after: Account, parts: Any) -> list[Part]:
    invoices = Invoice.objects.in_bulk(list(parts))
    was, then = {b.key: b for b in before.bills}, {b.key: b for b in after.bills}
    return [
        Part(
            invoices[key].short_id,
            formats.day(invoices[key].date_of_service),
            cents,
            was[key].balance,
            then[key].balance,
            then[key].waits_for_insurance,
        )
        for key, cents in parts.items()
    ]


def standing(payment: Payment) -> Word:
    """What became of the money: voided, refunded, applied or not."""
    if payment.voided:
        return Word("Voided", "grey", "block")
    if payment.refunded_cents >= payment.amount_cents > 0:
        return Word("Refunded", "violet", "undo")
    if payment.refunded_cents:
        return Word("Partially refunded", "violet", "undo")
    return Word("Taken", "green", "check")


def void_sentence(payment: Payment, name: str) -> str:
    """ "The whole $50.00 is voided and ‹name› owes $149.56 instead of $99.56. Can't be undone." """
    now = account(payment.patient)
    live = payment.applications.filter(deleted=False).values_list("invoice_id", "amount_cents")
    parts = list(live)
    insurance = payment.method == Payment.Method.INSURANCE
    paid = Paid(payment.amount_cents, sum(cents for _, cents in parts), insurance, payment.voided)
    then = breakdown(after_void(now, paid, parts)).owes
    whole, before = dollars(payment.amount_cents), breakdown(now).owes
    if then == before:
        return f"The whole {whole} is voided. {name} owes {owed(before)} as before. Can’t be undone."
    return (
        f"The whole {whole} is voided and {name} owes {owed(then)} instead of {owed(before)}. "
        "Can’t be undone."
    )


def refund_sentence(payment: Payment, cents: int | None = None) -> str:
    """ "The payment becomes partially refunded. The balance stays $99.56." """
    left = payment.amount_cents - payment.refunded_cents
    how = "refunded" if cents is not None and cents >= left else "partially refunded"
    stays = owed(breakdown(account(payment.patient)).owes)
    return f"The payment becomes {how}. The balance stays {stays}: a refund changes no balance."
