"""Faults on requests that move money: what was committed is in the balance, and nothing else is."""

from __future__ import annotations

import http.client

import pytest

from tests.sandbox.listener import Listener, within
from tests.sandbox.money import Books
from tests.sandbox_process import Sandbox

BROKEN = (OSError, http.client.HTTPException)


@pytest.mark.parametrize(
    ("kind", "owes"),
    [
        ("429", 4_000),
        ("500_before", 4_000),
        ("drop_before", 4_000),
        ("refuse", 4_000),
        ("500_after", 2_500),
        ("drop_after", 2_500),
        ("half", 2_500),
    ],
)
def test_a_payment_counts_when_it_was_committed(sandbox: Sandbox, books: Books, kind: str, owes: int) -> None:
    books.invoice((4_000, 0))
    sandbox.fault(kind=kind, operation="payments.create", count=1)
    with pytest.raises((AssertionError, *BROKEN)):
        books.payment(1_500)
    assert books.owes == owes


def test_a_late_payment_counts_and_is_told_when_it_takes_effect(
    sandbox: Sandbox, books: Books, listener: Listener
) -> None:
    books.api.create("endpoint", url=listener.url, registered_webhooks=["payment_created"])
    books.invoice((4_000, 0))
    sandbox.fault(kind="late", operation="payments.create", count=1, delay=0.4, connection="drop")
    with pytest.raises(BROKEN):
        books.payment(1_500)
    assert (books.owes, listener.posted) == (4_000, [])
    assert within(3, lambda: books.owes == 2_500)
    listener.await_number(1)


def test_quick_pay_that_lost_its_answer_was_done_whole(sandbox: Sandbox, books: Books) -> None:
    sandbox.fault(kind="drop_after", operation="payments.quick_pay", count=1)
    parents = {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": "2026-01-01"}
    paid = {"patient_id": books.patient, "expected_amount_cents": 500, "payment_method_type": "cash"}
    body = {"invoice": {**parents, "line_items_attributes": [books.line(900)]}, "payment": paid}
    with pytest.raises(BROKEN):
        books.api.call("POST", "/payments/quick_pay", body)
    assert books.owes == 400
    line = next(one for one in sandbox.requests() if one["operation"] == "payments.quick_pay")
    assert (line["resource"], line["status"]) == ("payments", None)
