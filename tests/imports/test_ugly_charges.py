"""Bad rows of charges are named, with the way out; a claim goes in whole, or stays out whole."""

from __future__ import annotations

import pytest

from partnerportal.records.models import Enterprise, Invoice, LineItem, Practice
from tests.imports.conftest import Bring
from tests.imports.money_files import HEADER, Clinic, open_clinic, problems

ROW = "A-1,{claim},11/02/2026,,99213,Office visit,{units},{charge},{covered},\n"


@pytest.fixture
def clinic(enterprise: Enterprise) -> Clinic:
    return open_clinic(enterprise)


def row(claim: str = "C1", units: str = "1", charge: str = "100", covered: str = "") -> str:
    return ROW.format(claim=claim, units=units, charge=charge, covered=covered)


def test_a_bad_line_keeps_its_whole_claim_out_and_the_others_go_in(imported: Bring, clinic: Clinic) -> None:
    done = imported(HEADER + row() + row("C2") + row(charge="abc") + row("C2"), kind="charges")
    assert done.facts["result"] == {"new": 2, "not_valid": 2}
    assert problems(done) == {2: ["stays out with line 4 of the same visit"], 4: ["is no amount"]}
    assert Invoice.objects.get().claim_number == "C2"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(charge="-20.00"), "is less than $0.00, and a charge can't be"),
        (row(charge="(20.00)"), "is less than $0.00, and a charge can't be"),
        (row(charge="10.999"), "is no amount"),
        (row(charge=""), "no charge"),
        (row(units="3", charge="100"), "$100.00 over 3 units is no whole cent each"),
        (row(units="1.5"), "is no quantity"),
        (row(units="0"), "is no quantity"),
        (row(covered="100.01"), "$100.01 covered and $0.00 of insurance are more than the $100.00 charged"),
        ("Z-9,C1,11/02/2026,,99213,Office visit,1,100,,\n", "is no chart number of a patient here"),
        (",C1,11/02/2026,,99213,Office visit,1,100,,\n", "names no patient"),
        ("A-1,C1,13/41/2026,,99213,Office visit,1,100,,\n", "is no date"),
        ("A-1,C1,,,99213,Office visit,1,100,,\n", "has no date of service"),
        ("A-1,C1,11/02/2026,,,,1,100,,\n", "has no description and no code"),
        ("A-1,C1,11/02/2026,Dr. Nobody,99213,Office visit,1,100,,\n", "is no doctor of this enterprise"),
    ],
)
def test_a_bad_line_says_why(checked: Bring, clinic: Clinic, line: str, reason: str) -> None:
    assert problems(checked(HEADER + line, kind="charges")) == {2: [reason]}


@pytest.mark.parametrize(
    ("text", "cents"),
    [("$1,234.50", 123_450), ("1234.5", 123_450), (".5", 50), ("30.299999999999997", 3_030), ("12", 1_200)],
)
def test_amounts_as_people_and_spreadsheets_write_them(
    imported: Bring, clinic: Clinic, text: str, cents: int
) -> None:
    imported(HEADER + row(charge=f'"{text}"'), kind="charges")
    assert LineItem.objects.get().total_charge_amount_cents == cents


def test_a_total_is_never_multiplied_by_the_quantity(imported: Bring, clinic: Clinic) -> None:
    imported(HEADER + row(units="4", charge="100"), kind="charges")
    line = LineItem.objects.get()
    assert (line.quantity, line.total_charge_amount_cents) == (4, 2_500)


def test_a_charge_each_is_taken_as_it_is(imported: Bring, clinic: Clinic) -> None:
    imported("MRN,Claim,DOS,CPT,Qty,Unit Price\nA-1,C1,2026-11-02,99213,4,25\n", kind="charges")
    line = LineItem.objects.get()
    assert (line.quantity, line.total_charge_amount_cents) == (4, 2_500)


def test_a_charge_each_that_does_not_make_the_total_is_refused(checked: Bring, clinic: Clinic) -> None:
    file = "MRN,Claim,DOS,CPT,Qty,Unit Price,Total\nA-1,C1,2026-11-02,99213,4,25,99\n"
    assert problems(checked(file, kind="charges")) == {2: ["4 × $25.00 is $100.00, not $99.00"]}


def test_a_claim_of_two_patients_is_refused(checked: Bring, clinic: Clinic) -> None:
    found = checked(HEADER + row() + row().replace("A-1", "B-2"), kind="charges")
    assert problems(found) == {
        2: ["stays out with line 3 of the same visit"],
        3: ["is another patient than in line 2"],
    }


def test_a_claim_number_of_another_patient_here_is_refused(
    imported: Bring, checked: Bring, clinic: Clinic
) -> None:
    imported(HEADER + row(), kind="charges")
    found = checked(HEADER + row().replace("A-1", "B-2"), kind="charges")
    assert problems(found) == {2: [f"is {Invoice.objects.get().short_id} of another patient"]}


def test_a_mixed_date_column_is_refused(checked: Bring, clinic: Clinic) -> None:
    found = checked(
        HEADER + row() + row("C2").replace("11/02", "26/10") + row("C3").replace("11/02", "10/26"),
        kind="charges",
    )
    assert "mixes month first" in found.refusal


def test_an_enterprise_without_a_practice_is_told_so(checked: Bring, clinic: Clinic) -> None:
    Practice.objects.all().delete()
    assert problems(checked(HEADER + row(), kind="charges")) == {2: ["the enterprise has no practice yet"]}


def test_a_file_without_a_charge_column_names_its_headings(checked: Bring, clinic: Clinic) -> None:
    found = checked("MRN,DOS,CPT\nA-1,2026-11-02,99213\n", kind="charges")
    assert found.refusal == "No column for charge of the line among: MRN, DOS, CPT"


def test_a_ledger_of_the_generator_is_read_as_it_is(imported: Bring, clinic: Clinic) -> None:
    """The columns of Synthea's claims_transactions."""
    ledger = (
        "ID,CLAIMID,CHARGEID,PATIENTID,TYPE,AMOUNT,METHOD,FROMDATE,TODATE,PLACEOFSERVICE,PROCEDURECODE,UNITS,"
        "NOTES,UNITAMOUNT,PAYMENTS,ADJUSTMENTS,TRANSFERS,OUTSTANDING,PROVIDERID\n"
        "t1,c1,1,A-1,CHARGE,136.80,,2026-10-01T08:00:00Z,2026-10-01T09:00:00Z,,185345009,1,Encounter,"
        "136.80,,,,136.80,\n"
        "t2,c1,1,A-1,PAYMENT,,CASH,2026-10-01T08:00:00Z,2026-10-01T09:00:00Z,,185345009,,,,100.00,0.00,,36.80,\n"
        "t3,c1,1,A-1,TRANSFEROUT,,,2026-10-01T08:00:00Z,2026-10-01T09:00:00Z,,185345009,,,,,,36.80,0.00,\n"
    )
    done = imported(ledger, kind="charges")
    assert done.facts["result"] == {"new": 2}
    assert done.facts["skipped"] == {"transfer": 1}
    clinic.ann.refresh_from_db()
    assert clinic.ann.balance_cents == 3_680
    assert imported(ledger, kind="charges").facts["result"] == {"unchanged": 2}
