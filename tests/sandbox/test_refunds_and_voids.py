"""Adjustments of a payment: a refund changes no balance, a void takes the whole payment back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.money import Books, refused


@pytest.fixture
def paid(books: Books) -> tuple[int, int]:
    """The worked example's payment of 50.00, applied: the patient owes 99.56."""
    invoice, payment = books.invoice((14_956, 0)), books.payment(5_000, "external_card")
    books.apply(payment, invoice, 5_000)
    assert books.owes == 9_956
    return invoice, payment


def figures(books: Books, payment: int) -> tuple[Any, ...]:
    found = books.read("payment", payment)
    return tuple(
        found[name] for name in ("status", "refunded_amount_cents", "applied_amount_cents", "voided")
    )


def test_a_refund_changes_the_payment_and_no_balance(books: Books, paid: tuple[int, int]) -> None:
    invoice, payment = paid
    assert figures(books, payment) == ("successful", 0, 5_000, False)
    books.refund(payment, 1_000)
    assert figures(books, payment) == ("partially refunded", 1_000, 5_000, False)
    assert (books.owes, books.owed_on(invoice)) == (9_956, (9_956, 0))
    books.refund(payment, 4_000)
    assert figures(books, payment) == ("refunded", 5_000, 5_000, False)
    assert books.owes == 9_956


def test_a_void_takes_the_payment_off_its_invoices(books: Books, paid: tuple[int, int]) -> None:
    invoice, payment = paid
    (applied,) = books.api.ids(f"/invoices/{invoice}/invoice_payments")
    books.void(payment, 5_000)
    assert figures(books, payment) == ("refunded", 5_000, 0, True)
    assert (books.owes, books.owed_on(invoice)) == (14_956, (14_956, 0))
    assert books.api.call("GET", f"/invoice_payments/{applied}").status == 404
    assert books.api.ids(f"/invoices/{invoice}/payments") == []


def test_an_unapplied_payment_that_is_voided_is_no_credit_any_more(books: Books) -> None:
    books.invoice((4_000, 0))
    payment = books.payment(1_000)
    assert books.owes == 3_000
    books.void(payment, 1_000)
    assert books.owes == 4_000


def test_a_refund_of_an_unapplied_payment_changes_no_balance(books: Books) -> None:
    books.invoice((4_000, 0))
    books.refund(books.payment(1_000), 1_000)
    assert books.owes == 3_000


def test_an_adjustment_is_answered_as_documented(books: Books, paid: tuple[int, int]) -> None:
    made = books.read("payment_adjustment", books.refund(paid[1], 1_000))
    assert (made["status"], made["amount_cents"], made["payment_id"]) == ("refunded", 1_000, paid[1])
    assert made["created_by_user_id"] in books.api.ids("/users")
    assert made["payment_processing_refund_id"] is made["transfer_id"] is None


def test_an_adjustment_gives_the_payment_a_later_updated_at(books: Books, paid: tuple[int, int]) -> None:
    before = books.read("payment", paid[1])["updated_at"]
    books.refund(paid[1], 1_000)
    assert books.read("payment", paid[1])["updated_at"] > before


LEFT = {"amount_cents": ["exceeds what is left of the payment"]}
WHOLE = {"amount_cents": ["must be the whole amount of the payment to void it"]}
VOIDED = {"payment_id": ["is voided"]}


@pytest.mark.parametrize(
    ("before", "wanted", "said"),
    [
        ([], (5_001, False), LEFT),
        ([(3_000, False)], (2_001, False), LEFT),
        ([], (4_999, True), WHOLE),
        ([], (5_001, True), WHOLE),
        ([(5_000, True)], (5_000, True), VOIDED),
        ([(5_000, True)], (1, False), VOIDED),
        ([(1_000, False)], (5_000, True), {"payment_id": ["was refunded and can't be voided"]}),
    ],
)
def test_an_adjustment_that_can_not_be_is_refused_and_changes_nothing(
    books: Books, paid: tuple[int, int], before: Any, wanted: tuple[int, bool], said: Any
) -> None:
    for cents, voided in before:
        assert books.adjust(paid[1], cents, voided=voided).status == 201
    as_it_was = figures(books, paid[1]), books.owes
    assert refused(books.adjust(paid[1], wanted[0], voided=wanted[1])) == said
    assert (figures(books, paid[1]), books.owes) == as_it_was


@pytest.mark.parametrize("voided", ["perhaps", [], {}])
def test_voided_is_yes_or_no(books: Books, paid: tuple[int, int], voided: Any) -> None:
    said = {"voided": ["is not included in the list"]}
    assert refused(books.adjust(paid[1], 5_000, voided=voided)) == said


def test_without_voided_it_is_a_refund(books: Books, paid: tuple[int, int]) -> None:
    assert books.adjust(paid[1], 1_000).status == 201
    assert figures(books, paid[1])[0] == "partially refunded"
