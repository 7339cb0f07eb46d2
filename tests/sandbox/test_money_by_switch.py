"""What section 5 only assumes, each the other way round."""

from __future__ import annotations

import pytest

from tests.sandbox.money import Books, refused
from tests.sandbox_process import Sandbox


def test_a_negative_invoice_may_count_for_nothing(sandbox: Sandbox, books: Books) -> None:
    books.invoice((4_000, 0))
    books.invoice(line_items_attributes=[books.line(0, covered_amount_cents=1_000)])
    assert books.owes == 3_000
    sandbox.assume(negative_invoice="ignored")
    assert books.owes == 4_000


def test_write_offs_may_leave_the_balance_alone(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(write_offs="no_effect")
    books.invoice((4_000, 0))
    books.write_off(1_500)
    assert books.owes == 4_000
    sandbox.assume(write_offs="reduce")
    assert books.owes == 2_500


def test_an_invoice_may_say_nothing_while_insurance_owes(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(pending_invoice_balance="zero")
    invoice = books.invoice((10_000, 7_000))
    assert books.owed_on(invoice) == (0, 7_000)
    books.apply(books.payment(7_000, "insurance"), invoice, 7_000)
    assert (books.owed_on(invoice), books.owes) == ((3_000, 0), 3_000)


def test_a_zero_insurance_payment_may_end_the_waiting(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(zero_insurance_payment="clears_insurance")
    invoice, payment = books.invoice((10_000, 7_000)), books.payment(0, "insurance")
    applied = books.apply(payment, invoice, 0)
    assert books.owes == 0
    reason = books.api.create("payment_reason", enterprise_id=books.enterprise, code="CO-45")["id"]
    links = [{"payment_reason_id": reason}]
    books.change("invoice_payment", applied, payment_reasons_invoice_payments_attributes=links)
    assert (books.owes, books.owed_on(invoice)) == (10_000, (10_000, 0))


def test_a_refunded_payment_may_be_voided(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(void_after_refund="allowed")
    invoice, payment = books.invoice((4_000, 0)), books.payment(1_000)
    books.apply(payment, invoice, 1_000)
    books.refund(payment, 400)
    books.void(payment, 1_000)
    found = books.read("payment", payment)
    assert (found["status"], found["refunded_amount_cents"], found["applied_amount_cents"]) == (
        "refunded",
        1_000,
        0,
    )
    assert books.owes == 4_000


def test_more_than_an_invoice_asks_may_be_refused(sandbox: Sandbox, books: Books) -> None:
    invoice, payment = books.invoice((4_000, 0)), books.payment(9_000)
    books.apply(payment, invoice, 4_500)
    assert books.owed_on(invoice) == (-500, 0)
    sandbox.assume(overpaid_invoice="refused")
    sent = {"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": 1}
    seen = books.api.call("POST", "/invoice_payments", {"invoice_payment": sent})
    assert refused(seen) == {"paid_amount_cents": ["exceeds the invoice's balance"]}


@pytest.mark.parametrize(
    ("switch", "status", "owes"), [("kept", 200, 0), ("released", 200, -1_000), ("refused", 422, 3_000)]
)
def test_what_becomes_of_money_on_a_deleted_invoice(
    sandbox: Sandbox, books: Books, switch: str, status: int, owes: int
) -> None:
    sandbox.assume(deleted_invoice_payments=switch)
    invoice, payment = books.invoice((4_000, 0)), books.payment(1_000)
    books.apply(payment, invoice, 1_000)
    assert books.api.call("DELETE", f"/invoices/{invoice}").status == status
    assert books.owes == owes


@pytest.mark.parametrize(("switch", "balance"), [("applies", 3_000), ("ignored", 4_000)])
def test_what_a_payments_top_level_invoice_id_does(
    sandbox: Sandbox, books: Books, switch: str, balance: int
) -> None:
    sandbox.assume(payment_invoice_id=switch)
    invoice = books.invoice((4_000, 0))
    payment = {"patient_id": books.patient, "expected_amount_cents": 1_000, "payment_method_type": "cash"}
    body = {"invoice_id": invoice, "payment": {**payment, "apply_payment": False}}
    assert books.api.call("POST", "/payments", body).status == 201
    assert (books.owed_on(invoice), books.owes) == ((balance, 0), 3_000)


def test_it_applies_up_to_the_invoices_balance(books: Books) -> None:
    invoice = books.invoice((4_000, 0))
    payment = {"patient_id": books.patient, "expected_amount_cents": 9_000, "payment_method_type": "cash"}
    body = {"invoice_id": invoice, "payment": {**payment, "apply_payment": False}}
    made = books.api.call("POST", "/payments", body).json["payment"]
    assert (made["applied_amount_cents"], books.owes) == (4_000, -5_000)
    unknown = {**body, "invoice_id": 999_999}
    assert refused(books.api.call("POST", "/payments", unknown)) == {"invoice_id": ["must exist"]}


def test_without_apply_payment_the_enterprises_setting_decides(sandbox: Sandbox, books: Books) -> None:
    books.invoice((4_000, 0))
    first = books.payment(1_000, apply_payment=None)
    assert books.read("payment", first)["applied_amount_cents"] == 1_000
    sandbox.admin("PUT", f"records/enterprises/{books.enterprise}", {"apply_payment": False})
    second = books.payment(1_000, apply_payment=None)
    assert books.read("payment", second)["applied_amount_cents"] == 0


def test_without_apply_payment_nothing_may_be_applied(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(apply_payment_default="no")
    invoice = books.invoice((4_000, 0))
    books.payment(1_000, apply_payment=None)
    assert books.owed_on(invoice) == (4_000, 0)


@pytest.mark.parametrize(("switch", "left"), [("oldest_first", (0, 1_000)), ("newest_first", (2_000, -0))])
def test_apply_payment_spreads_over_open_bills(
    sandbox: Sandbox, books: Books, switch: str, left: tuple[int, int]
) -> None:
    sandbox.assume(apply_spread=switch)
    newer = books.invoice((3_000, 0), date_of_service="2026-02-02")
    older = books.invoice((2_000, 0), date_of_service="2026-01-01")
    books.invoice((900, 0), estimate=True, date_of_service="2026-01-15")
    waiting = books.invoice((500, 100), date_of_service="2026-01-16")
    books.payment(4_000 if switch == "oldest_first" else 3_000, apply_payment=True)
    assert (books.owed_on(older)[0], books.owed_on(newer)[0]) == left
    assert books.owed_on(waiting) == (500, 100)


def test_an_insurance_payment_spreads_over_what_insurance_owes(books: Books) -> None:
    waiting, open_bill = books.invoice((500, 100)), books.invoice((700, 0))
    books.payment(1_000, "insurance", apply_payment=True)
    assert (books.owed_on(waiting), books.owed_on(open_bill)) == ((400, 0), (700, 0))


def test_card_payments_may_be_taken_and_checks_refused(sandbox: Sandbox, books: Books) -> None:
    assert books.payment(500, "check")
    sandbox.assume(card_payments="accepted", check_payments="refused")
    assert books.read("payment", books.payment(500, "card"))["payment_method_type"] == "card"
    sent = {"patient_id": books.patient, "expected_amount_cents": 5, "payment_method_type": "check"}
    assert "payment_method_type" in refused(books.api.call("POST", "/payments", {"payment": sent}))


def test_reckoned_figures_may_count_as_updates(sandbox: Sandbox, books: Books) -> None:
    before = books.read("patient", books.patient)["updated_at"]
    invoice = books.invoice((4_000, 0))
    assert books.read("patient", books.patient)["updated_at"] == before
    as_made = books.read("invoice", invoice)["updated_at"]
    sandbox.assume(figures_send_events="yes")
    books.add(invoice, 100)
    assert books.read("patient", books.patient)["updated_at"] > before
    assert books.read("invoice", invoice)["updated_at"] == as_made
