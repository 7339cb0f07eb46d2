"""The portal's own arithmetic of a balance. Source: section 5 of the contract, a test a rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from partnerportal.kernel.money import NotMoney, cents_of, dollars, owed
from partnerportal.records.balances import Account, Applied, Bill, Line, Paid, breakdown

VISIT = Bill(1, [Line(charge=10_000, covered=1_000)])


def owes(*bills: Bill, payments: list[Paid] | None = None, write_offs: list[int] | None = None) -> int:
    return breakdown(Account(bills, payments or [], write_offs or [])).owes


def test_a_charge_is_per_unit_and_tax_comes_once() -> None:
    assert owes(Bill(1, [Line(charge=2_500, quantity=3, tax=125)])) == 7_625


def test_what_is_covered_comes_off() -> None:
    assert owes(VISIT) == 9_000


def test_an_invoice_waits_while_insurance_owes_anything_of_it() -> None:
    waiting = Bill(1, [Line(charge=10_000, covered=1_000, insurance_owed=4_000)])
    assert owes(waiting) == 0
    assert breakdown(Account([waiting])).waiting == [(1, 4_000)]
    paid = replace(waiting, applied=[Applied(4_000, insurance=True)])
    assert owes(paid) == 5_000


def test_estimates_and_deleted_invoices_are_not_owed() -> None:
    assert owes(replace(VISIT, estimate=True), replace(VISIT, deleted=True)) == 0


def test_an_unapplied_payment_is_a_credit_and_an_insurance_payment_is_none() -> None:
    assert owes(VISIT, payments=[Paid(2_000), Paid(3_000, insurance=True)]) == 7_000


def test_a_voided_payment_counts_for_nothing() -> None:
    assert owes(VISIT, payments=[Paid(2_000, voided=True)]) == 9_000


def test_a_write_off_lowers_what_is_owed() -> None:
    assert owes(VISIT, write_offs=[1_500]) == 7_500


def test_a_negative_invoice_is_a_credit_and_counts() -> None:
    assert owes(VISIT, Bill(2, [Line(charge=0, covered=1_000)])) == 8_000


def test_the_worked_example_of_the_contract() -> None:
    """5,000 applied, owes 9,956; refunded 1,000, owes the same; voided instead, owes 14,956."""
    bill = Bill(1, [Line(charge=14_956)], [Applied(5_000)])
    assert owes(bill, payments=[Paid(5_000, applied=5_000)]) == 9_956
    assert owes(replace(bill, applied=[]), payments=[Paid(5_000, voided=True)]) == 14_956


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("1234.5", 123_450), ("$1,234.50", 123_450), ("-20", -2_000), ("−$20.00", -2_000), (".5", 50), ("0", 0)],
)
def test_amounts_are_read_as_people_type_them(typed: str, cents: int) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["", "$", "1.234", "1,23", "ten", "1e3", "12,345,6.00", "NaN"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(NotMoney):
        cents_of(typed)


def test_amounts_are_written_as_people_read_them() -> None:
    assert (dollars(123_450), dollars(-2_000), dollars(None)) == ("$1,234.50", "−$20.00", "—")
    assert (owed(-2_000), owed(2_000)) == ("$20.00 credit", "$20.00")
