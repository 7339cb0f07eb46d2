"""Random sequences of what staff do with money, one step at a time for many patients. A seed replays any.

Each step is one act of the portal's own services; what can't be done at that moment (nothing to void) is
left out and another act is drawn.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from partnerportal.delivery.deleting import delete_invoice, delete_line
from partnerportal.records.billing import (
    Charge,
    Taken,
    Visit,
    add_line,
    assign_balance,
    change_invoice,
    change_line,
)
from partnerportal.records.ledger import left_of
from partnerportal.records.models import (
    Invoice,
    InvoicePayment,
    LineItem,
    Patient,
    Payment,
    PaymentReason,
    Practice,
    WriteOffCode,
)
from partnerportal.records.paying import (
    apply_to,
    change_applied,
    oldest_first,
    take_back,
    take_payment,
    write_off,
)
from tests.cast import Stage

FIRST_DAY = date(2026, 1, 5)
LEAST_STEPS, MOST_STEPS = 12, 16


class Sequence:
    """The acts of one patient, drawn by a generator of its own."""

    def __init__(self, stage: Stage, patient: Patient, seed: str) -> None:
        self.stage, self.patient, self.seed = stage, patient, seed
        self.draw = random.Random(seed)
        self.steps = self.draw.randint(LEAST_STEPS, MOST_STEPS)
        self.done: list[str] = []

    def step(self) -> list[Any]:
        """Do one act; the rows to be sent for it."""
        while True:
            act = self.draw.choice(_first(self.done) or ACTS)
            rows = act(self)
            if rows is not None:
                self.done.append(act.__name__)
                return rows

    def day(self) -> date:
        return FIRST_DAY + timedelta(days=self.draw.randint(0, 200))

    def cents(self, most: int = 30_000) -> int:
        return self.draw.randint(1, most)

    def charge(self) -> Charge:
        each, quantity = self.cents(), self.draw.choice((1, 1, 1, 2, 3))
        total = each * quantity
        covered = self.draw.choice((0, 0, total // 3, total))
        insured = self.draw.choice((0, 0, (total - covered) // 2, total - covered))
        tax = self.draw.choice((0, 0, 0, 125))
        return Charge(f"Service {self.draw.randint(1, 9)}", each, quantity, covered, insured, tax)

    def one(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        return self.draw.choice(found) if found else None

    def invoice(self) -> Invoice | None:
        row: Invoice | None = self.one(Invoice.objects.filter(patient=self.patient, deleted=False))
        return row

    def payment(self, **which: Any) -> Payment | None:
        live = Payment.objects.filter(patient=self.patient, voided=False, **which)
        row: Payment | None = self.one(
            live.filter(adjustments__void=None) | live.filter(adjustments__void=False)
        )
        return row


Act = Callable[[Sequence], list[Any] | None]


def a_visit(on: Sequence) -> list[Any] | None:
    return [_visit(on, estimate=False)]


def an_estimate(on: Sequence) -> list[Any] | None:
    return [_visit(on, estimate=True)]


def _visit(on: Sequence, *, estimate: bool) -> Invoice:
    practice = Practice.objects.filter(enterprise=on.patient.enterprise_id).order_by("pk")[0]
    lines = [on.charge() for _ in range(on.draw.randint(1, 3))]
    return assign_balance(on.patient, Visit(practice, on.day(), lines, estimate=estimate))


def estimate_or_bill(on: Sequence) -> list[Any] | None:
    invoice = on.invoice()
    return None if invoice is None else [change_invoice(invoice, estimate=not invoice.estimate)]


def a_line(on: Sequence) -> list[Any] | None:
    invoice = on.invoice()
    return None if invoice is None else [add_line(invoice, on.charge())]


def another_line(on: Sequence) -> list[Any] | None:
    line = on.one(LineItem.objects.filter(invoice__patient=on.patient, deleted=False, invoice__deleted=False))
    return None if line is None else [change_line(line, on.charge())]


def insurance_owes_no_more(on: Sequence) -> list[Any] | None:
    lines = LineItem.objects.filter(invoice__patient=on.patient, deleted=False, invoice__deleted=False)
    line = on.one(lines.filter(insurance_owed_amount_cents__gt=0))
    if line is None:
        return None
    said = Charge(
        line.description,
        line.total_charge_amount_cents,
        line.quantity,
        line.covered_amount_cents,
        0,
        line.tax_amount_cents,
    )
    return [change_line(line, said)]


def no_line(on: Sequence) -> list[Any] | None:
    line = on.one(LineItem.objects.filter(invoice__patient=on.patient, deleted=False, invoice__deleted=False))
    if line is None:
        return None
    delete_line(on.stage.context, line)
    return []


def no_invoice(on: Sequence) -> list[Any] | None:
    invoice = on.invoice()
    if invoice is None:
        return None
    delete_invoice(on.stage.context, invoice)
    return []


def money_on_account(on: Sequence) -> list[Any] | None:
    method = on.draw.choice(("cash", "check", "external_card"))
    return [take_payment(on.patient, Taken(on.cents(), method))]


def money_for_a_visit(on: Sequence) -> list[Any] | None:
    invoice = on.invoice()
    if invoice is None:
        return None
    payment = take_payment(on.patient, Taken(on.cents(), "cash"))
    apply_to(payment, invoice, on.draw.randint(1, payment.amount_cents))
    return [payment]


def insurance_pays(on: Sequence) -> list[Any] | None:
    invoice = on.invoice()
    if invoice is None:
        return None
    payment = take_payment(on.patient, Taken(on.cents(), "insurance"))
    reason = on.draw.choice((None, _reason(on)))
    apply_to(payment, invoice, on.draw.randint(1, payment.amount_cents), reason=reason)
    return [payment]


def insurance_pays_nothing(on: Sequence) -> list[Any] | None:
    invoice = on.invoice()
    if invoice is None:
        return None
    payment = take_payment(on.patient, Taken(0, "insurance"))
    apply_to(payment, invoice, 0, reason=_reason(on))
    return [payment]


def _reason(on: Sequence) -> PaymentReason:
    found: PaymentReason = PaymentReason.objects.get(enterprise=on.patient.enterprise_id)
    return found


def the_rest_oldest_first(on: Sequence) -> list[Any] | None:
    payment = on.payment()
    spread = oldest_first(payment) if payment else []
    return [apply_to(payment, invoice, cents) for invoice, cents in spread] if payment and spread else None


def otherwise_applied(on: Sequence) -> list[Any] | None:
    live = InvoicePayment.objects.filter(payment__patient=on.patient, deleted=False, payment__voided=False)
    part = on.one(live.filter(invoice__deleted=False).exclude(payment__adjustments__void=True))
    if part is None:
        return None
    most = left_of(part.payment) + part.amount_cents
    return [change_applied(part, on.draw.choice((0, on.draw.randint(0, most), most)))]


def a_refund(on: Sequence) -> list[Any] | None:
    payment = on.payment()
    left = payment.amount_cents - sum(a.amount_cents for a in payment.adjustments.all()) if payment else 0
    return [take_back(payment, on.draw.randint(1, left), void=False)] if payment and left > 0 else None


def a_void(on: Sequence) -> list[Any] | None:
    payment = on.payment(adjustments=None)
    if payment is None or payment.amount_cents == 0:
        return None
    return [take_back(payment, payment.amount_cents, void=True)]


def forgiven(on: Sequence) -> list[Any] | None:
    code = WriteOffCode.objects.get(enterprise=on.patient.enterprise_id)
    return [write_off(on.patient, code, on.cents(5_000), on.day())]


ACTS: tuple[Act, ...] = (
    a_visit, a_visit, an_estimate, estimate_or_bill, a_line, another_line, insurance_owes_no_more, no_line,
    no_invoice, money_on_account, money_for_a_visit, money_for_a_visit, insurance_pays,
    insurance_pays_nothing, the_rest_oldest_first, otherwise_applied, a_refund, a_void, forgiven,
)  # fmt: skip


def _first(done: list[str]) -> tuple[Act, ...] | None:
    """A sequence begins with something that is owed."""
    return None if done else (a_visit,)
