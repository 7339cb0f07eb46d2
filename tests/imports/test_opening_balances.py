"""A chart number and an amount become one "Balance forward" invoice, once."""

from __future__ import annotations

import pytest

from partnerportal.records.models import Enterprise, Invoice, LineItem
from tests.imports.conftest import Bring
from tests.imports.money_files import Clinic, changes, open_clinic, problems

FILE = "Account #,Balance\nA-1,$125.30\nB-2,0.00\n"


@pytest.fixture
def clinic(enterprise: Enterprise) -> Clinic:
    return open_clinic(enterprise)


def test_each_balance_becomes_one_invoice_and_nothing_owed_none(imported: Bring, clinic: Clinic) -> None:
    done = imported(FILE, kind="opening_balances")
    line = LineItem.objects.get()
    assert (line.description, line.total_charge_amount_cents, line.quantity) == ("Balance forward", 12_530, 1)
    assert line.invoice.practice == clinic.practice
    clinic.ann.refresh_from_db()
    assert clinic.ann.balance_cents == 12_530
    assert done.facts["totals"]["zero"] == 1


def test_not_twice(imported: Bring, clinic: Clinic) -> None:
    imported(FILE, kind="opening_balances")
    assert imported(FILE, kind="opening_balances").facts["result"] == {"unchanged": 2}
    assert Invoice.objects.count() == 1


def test_another_amount_is_a_change_of_the_one(imported: Bring, checked: Bring, clinic: Clinic) -> None:
    imported(FILE, kind="opening_balances")
    found = checked(FILE.replace("125.30", "99"), kind="opening_balances")
    assert changes(found) == {2: [["total_charge_amount_cents", 12_530, 9_900]]}


def test_a_credit_is_listed_to_be_recorded_by_hand(checked: Bring, clinic: Clinic) -> None:
    found = checked("Account #,Balance\nA-1,(20.00)\n", kind="opening_balances")
    assert problems(found) == {2: ["is a credit"]}


def test_a_patient_named_twice_is_asked_about(checked: Bring, clinic: Clinic) -> None:
    found = checked("Account #,Balance\nA-1,20\nA-1,30\n", kind="opening_balances")
    assert problems(found) == {3: ["is the same visit as line 2"]}


def test_the_day_of_the_file_is_the_invoices_day(imported: Bring, clinic: Clinic) -> None:
    imported("Account #,Balance,As of\nA-1,20,10/31/2026\n", kind="opening_balances")
    assert str(Invoice.objects.get().date_of_service) == "2026-10-31"
