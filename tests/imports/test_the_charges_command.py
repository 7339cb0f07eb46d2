"""`import_charges`: what a file holds is told by its columns; totals on stdout, what stayed out on stderr."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from partnerportal.records.imports.money.telling import kind_of
from partnerportal.records.models import Enterprise, Invoice, Payment
from tests.imports.money_files import HEADER, Clinic, open_clinic

GOOD = HEADER + "A-1,C1,11/02/2026,Ann Lee,99213,Office visit,2,$150.00,20,\n"


@pytest.fixture
def clinic(enterprise: Enterprise) -> Clinic:
    return open_clinic(enterprise)


def run(path: Path, text: str, *more: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    path.write_text(text)
    call_command(
        "import_charges", str(path), "--enterprise", "Birch Family Medicine", *more, stdout=out, stderr=err
    )
    return out.getvalue(), err.getvalue()


def test_charges_go_in_and_the_total_is_told(clinic: Clinic, tmp_path: Path) -> None:
    out, err = run(tmp_path / "a.csv", GOOD)
    assert "1 line in 1 new invoice for 1 patient: $150.00 charged, $20.00 covered" in out
    assert "1 new charges." in out
    assert err == ""
    assert Invoice.objects.get().claim_number == "C1"


def test_a_dry_run_imports_nothing(clinic: Clinic, tmp_path: Path) -> None:
    out, _ = run(tmp_path / "a.csv", GOOD, "--dry-run")
    assert "a dry run" in out
    assert not Invoice.objects.exists()


def test_the_bad_claim_is_named_and_the_status_says_so(clinic: Clinic, tmp_path: Path) -> None:
    line = "A-1,C2,11/02/2026,{},99213,Office visit,1,10,,\n"
    bad = GOOD + line.format("Dr. Who") + line.format("")
    with pytest.raises(CommandError, match=r"2 rows of a\.csv stayed out"):
        run(tmp_path / "a.csv", bad)
    assert Invoice.objects.get().claim_number == "C1"


def test_payments_are_known_by_their_columns(clinic: Clinic, tmp_path: Path) -> None:
    run(tmp_path / "a.csv", "Account,Amount,Method,Date\nA-1,25,cash,11/05/2026\n")
    assert Payment.objects.get().amount_cents == 2_500


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("MRN,Claim,DOS,CPT,Charge", "charges"),
        ("MRN,Claim,DOS,CPT,Charge,Copay,Method", "charges"),
        ("ID,CLAIMID,PATIENTID,TYPE,AMOUNT,METHOD,FROMDATE,PAYMENTS", "charges"),
        ("MRN,Claim,Amount,Method,Date,Check #", "payments"),
        ("MRN,Payment Amount,Payment Date", "payments"),
        ("Account,Balance", "opening_balances"),
    ],
)
def test_what_a_file_holds(headings: str, kind: str) -> None:
    assert kind_of(f"{headings}\n1,2,3\n".encode()).name == kind
