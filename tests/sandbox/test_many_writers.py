"""Several writers on one patient's money at once: nothing is lost and nothing is spent twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.sandbox.money import Books


def at_once(writers: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=one) for one in writers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_every_line_counts_however_they_come(books: Books) -> None:
    invoice = books.invoice()

    def write() -> None:
        for cents in range(1, 21):
            books.add(invoice, cents)

    at_once([write] * 6)
    assert books.owes == 6 * 210
    assert books.owed_on(invoice) == (6 * 210, 0)


def test_a_payment_is_not_spent_twice(books: Books) -> None:
    invoice, payment = books.invoice((100_000, 0)), books.payment(1_000)
    statuses: list[int] = []

    def spend() -> None:
        sent = {"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": 100}
        for _ in range(5):
            statuses.append(books.api.call("POST", "/invoice_payments", {"invoice_payment": sent}).status)

    at_once([spend] * 6)
    assert (statuses.count(201), statuses.count(422)) == (10, 20)
    assert books.read("payment", payment)["applied_amount_cents"] == 1_000
    assert (books.owes, books.owed_on(invoice)) == (99_000, (99_000, 0))


def test_a_payment_is_not_refunded_twice(books: Books) -> None:
    payment = books.payment(1_000)
    statuses: list[int] = []
    at_once([lambda: statuses.append(books.adjust(payment, 600, voided=False).status)] * 5)
    assert sorted(statuses) == [201, 422, 422, 422, 422]
    assert books.read("payment", payment)["refunded_amount_cents"] == 600
