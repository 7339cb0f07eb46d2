"""Quick pay: an invoice and its payment in one request, both or neither."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.money import DAY, Books, refused
from tests.sandbox_process import Sandbox


def body(books: Books, charge: int, paid: int, **payment: Any) -> dict[str, Any]:
    invoice = {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": DAY}
    money = {"patient_id": books.patient, "expected_amount_cents": paid, "payment_method_type": "cash"}
    rows = [books.line(charge)]
    return {"invoice": {**invoice, "line_items_attributes": rows}, "payment": {**money, **payment}}


def test_both_are_made_and_the_payment_is_applied(books: Books) -> None:
    seen = books.api.call("POST", "/payments/quick_pay", body(books, 5_000, 1_000))
    assert seen.status == 201
    made = seen.json
    assert (made["invoice"]["balance_cents"], made["payment"]["applied_amount_cents"]) == (4_000, 1_000)
    assert books.api.ids(f"/invoices/{made['invoice']['id']}/payments") == [made["payment"]["id"]]
    assert books.owes == 4_000


def test_what_is_paid_too_much_stays_unapplied(books: Books) -> None:
    made = books.api.call("POST", "/payments/quick_pay/", body(books, 500, 1_000)).json
    assert (made["invoice"]["balance_cents"], made["payment"]["applied_amount_cents"]) == (0, 500)
    assert books.owes == -500


@pytest.mark.parametrize("order", ["invoice_first", "payment_first"])
def test_either_order_comes_to_the_same(sandbox: Sandbox, books: Books, order: str) -> None:
    sandbox.assume(quick_pay_order=order)
    books.api.call("POST", "/payments/quick_pay", body(books, 5_000, 1_000))
    assert books.owes == 4_000


def test_the_answer_may_be_the_payment_alone(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(quick_pay_answer="payment")
    assert list(books.api.call("POST", "/payments/quick_pay", body(books, 5_000, 1_000)).json) == ["payment"]


def test_when_one_is_refused_neither_is_made(sandbox: Sandbox, books: Books) -> None:
    bad = body(books, 5_000, 1_000, payment_method_type="card")
    assert "payment_method_type" in refused(books.api.call("POST", "/payments/quick_pay", bad))
    other = body(books, 5_000, 1_000, patient_id=1)
    assert "payment.patient_id" in refused(books.api.call("POST", "/payments/quick_pay", other))
    assert books.api.call("POST", "/payments/quick_pay", {"invoice": {}}).status == 400
    assert sandbox.records("invoices") == sandbox.records("payments") == []
