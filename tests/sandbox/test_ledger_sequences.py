"""Random sequences of everything that moves money, compared after each step with books kept from scratch."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox.money import Books
from tests.sandbox_process import Sandbox

SEEDS, STEPS = range(6), 30
NOUNS = ("invoices", "payments", "line_items", "invoice_payments", "write_offs")


class ByHand:
    """The same figures from the raw rows and section 5 alone; knows nothing of the sandbox's ledger."""

    def __init__(self, sandbox: Sandbox, patient: int) -> None:
        self.kept = {noun: sandbox.records(noun) for noun in NOUNS}
        self.money = {row["id"]: row for row in self.rows("payments", patient_id=patient)}
        self.bills = self.rows("invoices", patient_id=patient)
        self.forgiven = sum(row["amount_cents"] for row in self.rows("write_offs", patient_id=patient))

    def rows(self, noun: str, **match: int) -> list[dict[str, Any]]:
        return [row for row in self.kept[noun] if match.items() <= row.items()]

    def invoice(self, number: int) -> tuple[int, int]:
        """What it comes to, and what insurance owes of that."""
        total = insurance = 0
        for line in self.rows("line_items", invoice_id=number):
            total += line["quantity"] * line["total_charge_amount_cents"] + line["tax_amount_cents"]
            total -= line["covered_amount_cents"]
            insurance += line["insurance_owed_amount_cents"]
        for part in self.rows("invoice_payments", invoice_id=number):
            total -= part["paid_amount_cents"]
            if self.money[part["payment_id"]]["payment_method_type"] == "insurance":
                insurance -= part["paid_amount_cents"]
        return total, insurance

    def applied(self, number: int) -> int:
        return sum(part["paid_amount_cents"] for part in self.rows("invoice_payments", payment_id=number))

    def owed(self) -> int:
        owed = -self.forgiven
        for bill in self.bills:
            total, insurance = self.invoice(bill["id"])
            if insurance <= 0 and not bill["estimate"] and not bill["soft_delete"]:
                owed += total
        for number, payment in self.money.items():
            if payment["payment_method_type"] != "insurance" and not payment.get("voided"):
                owed -= payment["expected_amount_cents"] - self.applied(number)
        return owed


class Walk:
    """One patient's history, a random step at a time."""

    def __init__(self, books: Books, seed: int) -> None:
        self.books, self.random = books, random.Random(seed)
        self.lines: list[int] = []
        self.applied: list[int] = []
        self.invoices = [books.invoice((self.cents(), 0))]
        self.payments = [books.payment(self.cents())]

    def cents(self) -> int:
        return self.random.randint(1, 20_000)

    def one(self, among: list[int]) -> int:
        return self.random.choice(among or [0])

    def step(self) -> int:
        """The status that the step was answered with."""
        name = self.random.choice([name for name in dir(self) if name.startswith("do_")])
        return int(getattr(self, name)().status)

    def create(self, noun: str, into: list[int] | None, **sent: Any) -> Any:
        seen = self.books.api.call("POST", f"/{noun}s", {noun: sent})
        if seen.status == 201 and into is not None:
            into.append(seen.json[noun]["id"])
        return seen

    def do_invoice(self) -> Any:
        rows = [self.books.line(self.cents(), self.random.choice((0, self.cents()))) for _ in range(2)]
        estimate = self.random.random() < 0.3
        sent = {"patient_id": self.books.patient, "practice_id": self.books.practice, "estimate": estimate}
        return self.create(
            "invoice", self.invoices, **sent, date_of_service="2026-01-01", line_items_attributes=rows
        )

    def do_line(self) -> Any:
        more = {"quantity": self.random.randint(1, 4), "covered_amount_cents": self.cents()}
        line = self.books.line(self.cents(), 0, **more, tax_amount_cents=self.cents() // 10)
        return self.create("line_item", self.lines, invoice_id=self.one(self.invoices), **line)

    def do_change_line(self) -> Any:
        changed = {"insurance_owed_amount_cents": self.random.choice((0, self.cents()))}
        return self.books.change("line_item", self.one(self.lines), **changed)

    def do_drop_line(self) -> Any:
        return self.books.api.call("DELETE", f"/line_items/{self.one(self.lines)}")

    def do_bill(self) -> Any:
        return self.books.change("invoice", self.one(self.invoices), estimate=self.random.random() < 0.5)

    def do_delete(self) -> Any:
        return self.books.api.call("DELETE", f"/invoices/{self.one(self.invoices[1:])}")

    def do_pay(self) -> Any:
        method = self.random.choice(("cash", "check", "external_card", "insurance"))
        sent = {"patient_id": self.books.patient, "expected_amount_cents": self.cents()}
        spread = self.random.random() < 0.3
        return self.create("payment", self.payments, **sent, payment_method_type=method, apply_payment=spread)

    def do_apply(self) -> Any:
        parents = {"payment_id": self.one(self.payments), "invoice_id": self.one(self.invoices)}
        return self.create("invoice_payment", self.applied, **parents, paid_amount_cents=self.cents())

    def do_reapply(self) -> Any:
        cents = self.random.choice((0, self.cents()))
        return self.books.change("invoice_payment", self.one(self.applied), paid_amount_cents=cents)

    def do_refund(self) -> Any:
        return self.books.adjust(self.one(self.payments), self.cents() // 2 + 1, voided=False)

    def do_void(self) -> Any:
        payment = self.one(self.payments)
        amount = self.books.read("payment", payment)["expected_amount_cents"]
        return self.books.adjust(payment, amount, voided=True)

    def do_write_off(self) -> Any:
        code = self.books.api.create("write_off_code", enterprise_id=self.books.enterprise, code="1")["id"]
        sent = {"patient_id": self.books.patient, "date": "2026-01-01", "write_off_code_id": code}
        return self.create("write_off", None, **sent, amount_cents=self.cents())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ledger_agrees_with_books_kept_from_scratch(
    sandbox: Sandbox, api: Caller, books: Books, seed: int
) -> None:
    bystander = api.create("patient", **LUIGI, enterprise_id=books.enterprise)["id"]
    walk = Walk(books, seed)
    statuses = []
    for _ in range(STEPS):
        statuses.append(walk.step())
        right = ByHand(sandbox, books.patient)
        assert books.owes == right.owed(), f"seed {seed}, step {len(statuses)}"
        for bill in right.bills:
            assert books.owed_on(bill["id"]) == right.invoice(bill["id"])
        for number in right.money:
            assert books.read("payment", number)["applied_amount_cents"] == right.applied(number)
    assert statuses.count(200) + statuses.count(201) > STEPS / 3
    assert set(statuses) <= {200, 201, 404, 422}
    assert books.read("patient", bystander)["balance_cents"] == 0
