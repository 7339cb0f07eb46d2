"""Charges become invoices by claim number, or by patient and day; again they change nothing."""

from __future__ import annotations

from datetime import date

import pytest

from partnerportal.records.imports import undoing
from partnerportal.records.models import (
    Enterprise,
    Import,
    ImportedRecord,
    Invoice,
    LineItem,
    Patient,
    Payment,
)
from tests.imports.conftest import WHO, Bring
from tests.imports.money_files import HEADER, Clinic, changes, open_clinic, problems

FILE = (
    HEADER
    + 'A-1,C100,11/02/2026,"Lee, Ann MD",99213,Office visit,1,$150.00,(20.00),\n'
    + 'B-2,C101,11/03/2026,1234567893,99214,Long visit,1,"1,200.5",0,600\n'
    + "A-1,C100,11/02/2026,Dr. Ann Lee,87880,Strep test,3,$60.00,,\n"
    + ",,,,,,,,,\n"
    + 'Total,,,,,,5,"$1,410.50",,\n'
)


@pytest.fixture
def clinic(enterprise: Enterprise) -> Clinic:
    return open_clinic(enterprise)


def balance(patient: Patient) -> int:
    patient.refresh_from_db()
    return int(patient.balance_cents)


def test_lines_of_a_claim_become_one_invoice_with_its_doctor_and_day(imported: Bring, clinic: Clinic) -> None:
    done = imported(FILE, kind="charges")
    assert done.state == Import.State.DONE
    assert done.facts["result"] == {"new": 3}
    first = Invoice.objects.get(claim_number="C100")
    assert (first.patient, first.doctor, first.practice) == (clinic.ann, clinic.doctor, clinic.practice)
    assert first.date_of_service == date(2026, 11, 2)
    assert list(
        first.lines.order_by("pk").values_list("service_code", "quantity", "total_charge_amount_cents")
    ) == [
        ("99213", 1, 15_000),
        ("87880", 3, 2_000),
    ]
    assert balance(clinic.ann) == 15_000 - 2_000 + 6_000
    assert balance(clinic.bo) == 0, "it waits for insurance"
    assert not LineItem.objects.exclude(not_valid=[]).exists()
    assert Invoice.objects.exclude(dirty=[]).count() == 2


def test_the_preview_says_what_the_file_comes_to(checked: Bring, clinic: Clinic) -> None:
    facts = checked(FILE, kind="charges").facts
    assert facts["totals"] == {
        "lines": 3, "invoices": 2, "patients": 2, "charged": 141_050, "covered": 2_000, "insurance": 60_000,
        "waiting": 1,
    }  # fmt: skip
    assert facts["skipped"] == {"blank": 1, "totals": 1}
    assert facts["repaired"] == {"minus": 1}
    assert not Invoice.objects.exists()


def test_the_same_file_again_changes_nothing(imported: Bring, clinic: Clinic) -> None:
    imported(FILE, kind="charges")
    before = list(LineItem.objects.order_by("pk").values_list("pk", "version", "updated_at"))
    again = imported(FILE, kind="charges")
    assert again.facts["result"] == {"unchanged": 3}
    assert list(LineItem.objects.order_by("pk").values_list("pk", "version", "updated_at")) == before
    assert Invoice.objects.count() == 2
    assert not again.records.exists()


def test_a_changed_line_is_shown_was_and_now(imported: Bring, checked: Bring, clinic: Clinic) -> None:
    imported(FILE, kind="charges")
    later = FILE.replace('1,200.5",0,600', '1,200.5",0,0').replace("Strep test", "Rapid strep test")
    assert changes(checked(later, kind="charges")) == {
        3: [["insurance_owed_amount_cents", 60_000, 0]],
        4: [["description", "Strep test", "Rapid strep test"]],
    }
    done = imported(later, kind="charges")
    assert done.facts["result"] == {"unchanged": 1, "changed": 2}
    assert LineItem.objects.count() == 3
    assert balance(clinic.bo) == 120_050


def test_a_line_that_came_later_joins_its_claim(imported: Bring, clinic: Clinic) -> None:
    imported(FILE, kind="charges")
    more = imported(HEADER + "A-1,C100,11/02/2026,,36415,Blood draw,1,15,,\n", kind="charges")
    assert more.facts["result"] == {"new": 1}
    assert Invoice.objects.get(claim_number="C100").lines.count() == 3
    assert Invoice.objects.get(claim_number="C100").doctor == clinic.doctor, "a blank cell leaves ours alone"


def test_without_claim_numbers_patient_and_day_make_the_invoice(imported: Bring, clinic: Clinic) -> None:
    bare = (
        "MRN,DOS,CPT,Amount\nA-1,2026-11-02,99213,100\nA-1,11/3/2026,99213,100\nA-1,2026-11-02,81002,9.99\n"
    )
    done = imported(bare, kind="charges")
    assert done.facts["result"] == {"new": 3}
    assert sorted(i.lines.count() for i in Invoice.objects.all()) == [1, 2]
    assert imported(bare, kind="charges").facts["result"] == {"unchanged": 3}
    assert Invoice.objects.count() == 2


def test_two_equal_lines_of_a_claim_are_two(imported: Bring, clinic: Clinic) -> None:
    twice = HEADER + "A-1,C1,11/02/2026,,J1100,Injection,1,12.00,,\n" * 2
    assert imported(twice, kind="charges").facts["result"] == {"new": 2}
    assert imported(twice, kind="charges").facts["result"] == {"unchanged": 2}
    assert LineItem.objects.count() == 2


def test_an_estimate_is_not_owed(imported: Bring, clinic: Clinic) -> None:
    imported("MRN,Claim,DOS,CPT,Charge,Estimate\nA-1,C1,2026-11-02,99213,100,yes\n", kind="charges")
    assert Invoice.objects.get().estimate
    assert balance(clinic.ann) == 0


def test_an_undo_takes_invoices_lines_and_payments_back(imported: Bring, clinic: Clinic) -> None:
    one = "MRN,Claim,DOS,CPT,Charge,Copay,Method\nA-1,C1,2026-11-02,99213,100,25,cash\n"
    done = imported(one, kind="charges")
    assert balance(clinic.ann) == 7_500
    assert set(ImportedRecord.objects.values_list("noun", flat=True)) == {
        "invoice", "line_item", "payment", "invoice_payment",
    }  # fmt: skip
    assert undoing.undo(done, WHO) == 4
    assert not Invoice.objects.exists()
    assert not Payment.objects.exists()
    assert balance(clinic.ann) == 0


def test_an_undo_gives_changed_lines_their_values_back(imported: Bring, clinic: Clinic) -> None:
    imported(FILE, kind="charges")
    done = imported(FILE.replace("$150.00", "$180.00").replace("11/02/2026", "11/01/2026"), kind="charges")
    assert balance(clinic.ann) == 22_000
    undoing.undo(done, WHO)
    assert balance(clinic.ann) == 19_000
    assert Invoice.objects.get(claim_number="C100").date_of_service == date(2026, 11, 2)


def test_what_was_deleted_here_is_not_brought_back(imported: Bring, clinic: Clinic) -> None:
    imported(FILE, kind="charges")
    Invoice.objects.filter(claim_number="C100").update(deleted=True)
    assert imported(FILE, kind="charges").facts["result"] == {"unchanged": 3}
    assert problems(imported(FILE, kind="charges")) == {}
