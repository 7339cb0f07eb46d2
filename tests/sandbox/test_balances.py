"""How a balance comes about: one test a rule of the contract's section 5."""

from __future__ import annotations

import pytest

from tests.sandbox.money import Books
from tests.sandbox_process import Sandbox


def test_a_charge_is_per_unit_and_the_tax_is_not(books: Books) -> None:
    line = books.line(5_000, quantity=3, tax_amount_cents=250, covered_amount_cents=1_000)
    invoice = books.invoice(line_items_attributes=[line])
    assert books.owed_on(invoice) == (14_250, 0)
    assert books.owes == 14_250


def test_a_patient_owes_what_all_their_invoices_come_to(books: Books) -> None:
    books.invoice((4_000, 0), (1_000, 0))
    books.invoice((56, 0))
    assert books.owes == 5_056
    assert books.read("patient", books.patient)["cached_balance_cents"] == 5_056


def test_an_invoice_that_insurance_still_owes_on_does_not_count(books: Books) -> None:
    waiting = books.invoice((10_000, 7_000))
    assert books.owed_on(waiting) == (10_000, 7_000)
    assert books.owes == 0


def test_once_insurance_has_paid_its_part_the_rest_counts(books: Books) -> None:
    invoice = books.invoice((10_000, 7_000))
    payment = books.payment(7_000, "insurance")
    books.apply(payment, invoice, 6_999)
    assert (books.owes, books.owed_on(invoice)) == (0, (3_001, 1))
    books.apply(payment, invoice, 1)
    assert (books.owes, books.owed_on(invoice)) == (3_000, (3_000, 0))


def test_what_insurance_no_longer_owes_is_put_on_the_line(books: Books) -> None:
    invoice = books.invoice((10_000, 7_000))
    (line,) = books.api.ids(f"/invoices/{invoice}/line_items")
    books.change("line_item", line, insurance_owed_amount_cents=0)
    assert (books.owes, books.owed_on(invoice)) == (10_000, (10_000, 0))


def test_insurance_paying_more_than_it_owed_lowers_what_the_patient_owes(books: Books) -> None:
    invoice = books.invoice((10_000, 7_000))
    books.apply(books.payment(8_000, "insurance"), invoice, 8_000)
    assert (books.owes, books.owed_on(invoice)) == (2_000, (2_000, -1_000))


def test_a_zero_insurance_payment_with_a_reason_changes_nothing(books: Books) -> None:
    invoice = books.invoice((10_000, 7_000))
    reason = books.api.create("payment_reason", enterprise_id=books.enterprise, code="CO-45")["id"]
    links = [{"payment_reason_id": reason}]
    applied = books.apply(
        books.payment(0, "insurance"), invoice, 0, payment_reasons_invoice_payments_attributes=links
    )
    assert (books.owes, books.owed_on(invoice)) == (0, (10_000, 7_000))
    (kept,) = books.read("invoice_payment", applied)["payment_reasons_invoice_payments"]
    assert kept["payment_reason_id"] == reason


def test_an_estimate_counts_once_it_is_a_bill(books: Books) -> None:
    invoice = books.invoice((4_000, 0), estimate=True)
    assert (books.owes, books.owed_on(invoice)) == (0, (4_000, 0))
    books.change("invoice", invoice, estimate=False)
    assert books.owes == 4_000


def test_a_deleted_invoice_counts_no_more(books: Books) -> None:
    invoice = books.invoice((4_000, 0))
    assert books.api.call("DELETE", f"/invoices/{invoice}").status == 200
    assert books.owes == 0
    assert books.read("invoice", invoice)["soft_delete"] is True
    assert books.api.ids(f"/patients/{books.patient}/invoices") == []


def test_a_line_can_be_added_changed_and_taken_away(books: Books) -> None:
    invoice = books.invoice((4_000, 0))
    line = books.add(invoice, 1_000)
    assert books.owes == 5_000
    books.change("line_item", line, quantity=2)
    assert books.owes == 6_000
    assert books.api.call("DELETE", f"/line_items/{line}").status == 200
    assert books.owes == 4_000


def test_an_invoices_update_changes_lines_by_id_and_adds_others(books: Books) -> None:
    invoice = books.invoice((4_000, 0))
    (line,) = books.api.ids(f"/invoices/{invoice}/line_items")
    rows = [{"id": line, "total_charge_amount_cents": 4_100}, books.line(900)]
    assert books.change("invoice", invoice, line_items_attributes=rows).status == 200
    assert len(books.api.ids(f"/invoices/{invoice}/line_items")) == 2
    assert books.owes == 5_000


def test_an_unapplied_payment_is_a_credit(books: Books) -> None:
    books.invoice((4_000, 0))
    books.payment(1_500)
    assert books.owes == 2_500


def test_an_unapplied_insurance_payment_is_none(books: Books) -> None:
    books.invoice((4_000, 0))
    books.payment(1_500, "insurance")
    assert books.owes == 4_000


def test_applying_a_payment_moves_the_credit_to_the_invoice(books: Books) -> None:
    invoice, payment = books.invoice((4_000, 0)), books.payment(1_500)
    books.apply(payment, invoice, 1_000)
    assert (books.owes, books.owed_on(invoice)) == (2_500, (3_000, 0))
    assert books.read("payment", payment)["applied_amount_cents"] == 1_000


def test_a_smaller_application_takes_money_off_the_invoice(books: Books) -> None:
    invoice, payment = books.invoice((4_000, 0)), books.payment(1_500)
    applied = books.apply(payment, invoice, 1_500)
    assert books.change("invoice_payment", applied, paid_amount_cents=200).status == 200
    assert (books.owes, books.owed_on(invoice)) == (2_500, (3_800, 0))
    assert books.read("payment", payment)["applied_amount_cents"] == 200


def test_a_negative_invoice_is_a_credit_and_counts(books: Books) -> None:
    books.invoice((4_000, 0))
    credit = books.invoice(line_items_attributes=[books.line(0, covered_amount_cents=1_000)])
    assert (books.owes, books.owed_on(credit)) == (3_000, (-1_000, 0))


def test_a_write_off_lowers_what_the_patient_owes(books: Books) -> None:
    invoice = books.invoice((4_000, 0))
    books.write_off(1_500)
    assert (books.owes, books.owed_on(invoice)) == (2_500, (4_000, 0))


def test_an_edit_made_there_is_reckoned_too(sandbox: Sandbox, books: Books) -> None:
    invoice = books.invoice((4_000, 0))
    (line,) = books.api.ids(f"/invoices/{invoice}/line_items")
    sandbox.admin("PUT", f"records/line_items/{line}", {"total_charge_amount_cents": 5_000})
    assert books.owes == 5_000


@pytest.mark.parametrize(
    "place", ["/invoices", "/practices/{practice}/invoices", "/doctors/{doctor}/invoices"]
)
def test_lists_carry_the_figures(books: Books, place: str) -> None:
    doctor = books.api.create("doctor", enterprise_id=books.enterprise, first_name="M", last_name="M")["id"]
    books.invoice((4_000, 0), doctor_id=doctor)
    (row,) = books.api.get(place.format(practice=books.practice, doctor=doctor))["invoices"]
    assert row["balance_cents"] == 4_000
    (patient,) = books.api.get(f"/enterprises/{books.enterprise}/patients")["patients"]
    assert patient["balance_cents"] == 4_000
