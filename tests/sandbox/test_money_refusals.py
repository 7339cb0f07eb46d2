"""Amounts, parents and applications that are refused, with the attribute named, and nothing kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI
from tests.sandbox.money import DAY, Books, refused
from tests.sandbox_process import Sandbox

INTEGER, NEGATIVE = "must be an integer", "must be greater than or equal to 0"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-1, NEGATIVE),
        (10.0, INTEGER),
        (10.5, INTEGER),
        ("1000", INTEGER),
        ("", INTEGER),
        (True, INTEGER),
        ([1], INTEGER),
        (2_147_483_648, "must be less than or equal to 2147483647"),
        (None, "can't be blank"),
    ],
)
@pytest.mark.parametrize("noun", ["line_item", "payment", "invoice_payment"])
def test_an_amount_is_a_whole_number_of_cents(books: Books, noun: str, value: Any, said: str) -> None:
    invoice = books.invoice((1_000, 0))
    sent: dict[str, tuple[str, dict[str, Any]]] = {
        "line_item": ("total_charge_amount_cents", {"invoice_id": invoice, "description": "X"}),
        "payment": ("expected_amount_cents", {"patient_id": books.patient, "payment_method_type": "cash"}),
        "invoice_payment": (
            "paid_amount_cents",
            {"invoice_id": invoice, "payment_id": books.payment(100)},
        ),
    }
    attribute, rest = sent[noun]
    seen = books.api.call("POST", f"/{noun}s", {noun: {**rest, attribute: value}})
    assert refused(seen) == {attribute: [said]}


@pytest.mark.parametrize("value", [0, -5, 1.0, "5"])
def test_refunds_and_write_offs_are_above_zero(books: Books, value: Any) -> None:
    assert "amount_cents" in refused(books.adjust(books.payment(100), value, voided=False))
    code = books.api.create("write_off_code", enterprise_id=books.enterprise, code="1")["id"]
    sent = {"patient_id": books.patient, "date": DAY, "write_off_code_id": code, "amount_cents": value}
    assert "amount_cents" in refused(books.api.call("POST", "/write_offs", {"write_off": sent}))


@pytest.mark.parametrize("value", [0, -1, 1.5, 100_001])
def test_a_quantity_is_a_whole_number_above_zero(books: Books, value: Any) -> None:
    invoice = books.invoice()
    sent = {"invoice_id": invoice, **books.line(100, quantity=value)}
    assert "quantity" in refused(books.api.call("POST", "/line_items", {"line_item": sent}))


def test_only_an_insurance_pays_nothing(books: Books) -> None:
    sent = {"patient_id": books.patient, "expected_amount_cents": 0, "payment_method_type": "cash"}
    said = {"expected_amount_cents": ["must be greater than 0"]}
    assert refused(books.api.call("POST", "/payments", {"payment": sent})) == said
    assert books.read("payment", books.payment(0, "insurance"))["expected_amount_cents"] == 0


@pytest.mark.parametrize("method", ["card", "one_time_payment", "Cash", "bitcoin", 5])
def test_a_payment_that_a_partner_can_not_record_is_refused(books: Books, method: Any) -> None:
    sent = {"patient_id": books.patient, "expected_amount_cents": 5, "payment_method_type": method}
    said = {"payment_method_type": ["is not included in the list"]}
    assert refused(books.api.call("POST", "/payments", {"payment": sent})) == said


def test_no_more_is_applied_than_was_paid(sandbox: Sandbox, books: Books) -> None:
    first, second = books.invoice((4_000, 0)), books.invoice((4_000, 0))
    payment = books.payment(1_000)
    applied = books.apply(payment, first, 600)
    said = {"paid_amount_cents": ["exceeds what is left of the payment"]}
    more = {"payment_id": payment, "invoice_id": second, "paid_amount_cents": 401}
    assert refused(books.api.call("POST", "/invoice_payments", {"invoice_payment": more})) == said
    assert refused(books.change("invoice_payment", applied, paid_amount_cents=1_001)) == said
    assert [one["paid_amount_cents"] for one in sandbox.records("invoice_payments")] == [600]
    assert books.owes == 7_000


def test_a_payment_is_applied_to_the_same_patients_invoices_only(books: Books) -> None:
    other = books.api.create("patient", **LUIGI, enterprise_id=books.enterprise)["id"]
    theirs = books.invoice((4_000, 0), patient_id=other)
    sent = {"payment_id": books.payment(100), "invoice_id": theirs, "paid_amount_cents": 100}
    said = {"invoice_id": ["must belong to the payment's patient"]}
    assert refused(books.api.call("POST", "/invoice_payments", {"invoice_payment": sent})) == said


def test_a_voided_payment_is_applied_to_nothing(books: Books) -> None:
    invoice, payment = books.invoice((4_000, 0)), books.payment(100)
    books.void(payment, 100)
    sent = {"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": 0}
    seen = books.api.call("POST", "/invoice_payments", {"invoice_payment": sent})
    assert refused(seen) == {"payment_id": ["is voided"]}


def test_a_deleted_invoice_takes_nothing_any_more(books: Books) -> None:
    invoice, payment = books.invoice((4_000, 0)), books.payment(100)
    books.api.call("DELETE", f"/invoices/{invoice}")
    said = {"invoice_id": ["must exist"]}
    applied = {"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": 1}
    assert refused(books.api.call("POST", "/invoice_payments", {"invoice_payment": applied})) == said
    line = {"invoice_id": invoice, **books.line(100)}
    assert refused(books.api.call("POST", "/line_items", {"line_item": line})) == said


@pytest.mark.parametrize(
    ("noun", "attribute"),
    [
        ("invoice", "patient_id"),
        ("invoice", "practice_id"),
        ("invoice", "doctor_id"),
        ("line_item", "invoice_id"),
        ("payment", "patient_id"),
        ("invoice_payment", "payment_id"),
        ("invoice_payment", "invoice_id"),
        ("payment_adjustment", "payment_id"),
        ("payment_reason", "enterprise_id"),
        ("write_off_code", "enterprise_id"),
        ("write_off", "patient_id"),
        ("write_off", "write_off_code_id"),
        ("attachment", "enterprise_id"),
    ],
)
def test_every_parent_must_exist(books: Books, noun: str, attribute: str) -> None:
    invoice, payment = books.invoice((1_000, 0)), books.payment(100)
    code = books.api.create("write_off_code", enterprise_id=books.enterprise, code="1")["id"]
    good: dict[str, dict[str, Any]] = {
        "invoice": {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": DAY},
        "line_item": {"invoice_id": invoice, **books.line(100)},
        "payment": {
            "patient_id": books.patient,
            "expected_amount_cents": 5,
            "payment_method_type": "cash",
        },
        "invoice_payment": {"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": 5},
        "payment_adjustment": {"payment_id": payment, "amount_cents": 5},
        "payment_reason": {"enterprise_id": books.enterprise, "code": "1"},
        "write_off_code": {"enterprise_id": books.enterprise, "code": "1"},
        "write_off": {
            "patient_id": books.patient,
            "date": DAY,
            "write_off_code_id": code,
            "amount_cents": 5,
        },
        "attachment": {"enterprise_id": books.enterprise},
    }
    bad = {noun: {**good[noun], attribute: 999_999_999}}
    assert refused(books.api.call("POST", f"/{noun}s", bad)) == {attribute: ["must exist"]}
    assert books.api.call("POST", f"/{noun}s", {noun: good[noun]}).status == 201


def test_an_invoice_with_a_bad_line_is_not_kept(sandbox: Sandbox, books: Books) -> None:
    sent = {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": DAY}
    rows = [books.line(100), books.line(-1)]
    seen = books.api.call("POST", "/invoices", {"invoice": {**sent, "line_items_attributes": rows}})
    assert refused(seen) == {"line_items.total_charge_amount_cents": [NEGATIVE]}
    assert sandbox.records("invoices") == sandbox.records("line_items") == []


def test_a_line_of_another_invoice_is_not_changed_through_this_one(books: Books) -> None:
    mine, other = books.invoice((100, 0)), books.invoice((100, 0))
    (line,) = books.api.ids(f"/invoices/{other}/line_items")
    seen = books.change("invoice", mine, line_items_attributes=[{"id": line, "quantity": 2}])
    assert refused(seen) == {"line_items.id": ["must exist"]}


def test_neither_amount_nor_patient_of_a_payment_can_be_changed(books: Books) -> None:
    payment = books.payment(500)
    seen = books.change("payment", payment, expected_amount_cents=900, description="Paid at the desk")
    assert seen.status == 200
    found = books.read("payment", payment)
    assert (found["expected_amount_cents"], found["description"]) == (500, "Paid at the desk")
