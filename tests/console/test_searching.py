"""Search folds accents and case and takes beginnings, on every list of people and records; by its indexes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection

from partnerportal.accounts.models import Staff
from partnerportal.console import invoice_list, payment_list, searching
from partnerportal.console.balances import BALANCES
from partnerportal.console.record_lists import LISTINGS
from partnerportal.records.models import (
    Doctor,
    Enterprise,
    Invoice,
    Patient,
    Payment,
    Practice,
)
from tests.owner import as_owner

ROWS = 8_000


@pytest.fixture
def everything(north: Enterprise) -> dict[str, Any]:
    """One record a list, with accents, and another beside it that no search here means."""
    made: dict[str, Any] = {
        "enterprise": Enterprise.objects.create(name="Clínica Ñandú", source_id="ORG-77a")
    }
    made["practice"] = Practice.objects.create(enterprise=north, name="Büro Süd", city="Córdoba")
    made["doctor"] = Doctor.objects.create(
        enterprise=north, first_name="José", last_name="Gómez", npi="1234567893", provider_code="JG-1",
        source_id="DOC-9",
    )  # fmt: skip
    made["patient"] = Patient.objects.create(
        enterprise=north, first_name="José", last_name="Gómez", health_record_id="MRN-0042", remote_id=66_901,
        balance_gap_cents=100, balance_cents=100, balance_there_cents=0,
    )  # fmt: skip
    made["invoice"] = Invoice.objects.create(
        patient=made["patient"], practice=made["practice"], date_of_service=date(2026, 11, 2),
        claim_number="CLM-55x",
    )  # fmt: skip
    made["payment"] = Payment.objects.create(patient=made["patient"], amount_cents=100, method="cash")
    Patient.objects.create(enterprise=north, first_name="Bo", last_name="Ray", health_record_id="9")
    return made


PEOPLE = ("gomez", "GÓMEZ", "gómez, jose", "JOSE", "mrn-00", "MRN-0042", "669", "66901")
TYPED = {
    "enterprise": ("clinica", "ÑANDU", "nandú", "org-77", "ORG-77A"),
    "practice": ("buro", "SUD", "cordoba"),
    "doctor": ("gomez", "JOSÉ", "12345", "jg", "doc-"),
    "patient": (*PEOPLE, "IH 669"),
    "invoice": (*PEOPLE, "clm-5", "CLM-55X"),
    "payment": PEOPLE,
}


@pytest.mark.parametrize("noun", TYPED)
def test_what_people_type_finds_it(operator: Staff, everything: dict[str, Any], noun: str) -> None:
    listing, row = LISTINGS[noun], everything[noun]
    prefix = row.short_id.partition("-")[0]
    for typed in (*TYPED[noun], row.short_id, f"{prefix}-{str(row.pk)[:1]}", row.short_id.lower()):
        found = [one.pk for one in listing.matching(operator, {"q": typed})]
        assert row.pk in found, f"{noun}: {typed}"
    assert not listing.matching(operator, {"q": "zzz"}).exists()


def test_each_list_of_records_is_tried() -> None:
    assert {invoice_list.INVOICES.noun, payment_list.PAYMENTS.noun, *LISTINGS} == set(TYPED)


@pytest.mark.parametrize("typed", PEOPLE)
def test_balances_are_found_like_patients(operator: Staff, everything: dict[str, Any], typed: str) -> None:
    assert [one.last_name for one in BALANCES.matching(operator, {"q": typed})] == ["Gómez"]


def test_an_id_is_found_by_its_beginning_and_no_other(operator: Staff, everything: dict[str, Any]) -> None:
    patient = everything["patient"]
    for beginning in ("6", "66", "669", "6690", "66901"):
        found = LISTINGS["patient"].matching(operator, {"q": f"IH {beginning}"})
        assert [one.pk for one in found] == [patient.pk]
    for other in ("67", "66902", "6", "0", "669010"):
        found = LISTINGS["patient"].matching(operator, {"q": f"IH {other}"})
        assert [one.pk for one in found] == ([patient.pk] if other == "6" else [])


@pytest.fixture
def filled(north: Enterprise) -> Enterprise:
    """Many people, as plain SQL makes them, and what the planner knows of them."""
    with connection.cursor() as cursor:
        for model in (Patient, Doctor):
            fields = [f for f in model._meta.concrete_fields if f.name != "id"]
            row: Any = model(enterprise=north, first_name="Ann", last_name="Lee")
            row.recompute()
            said = {
                "last_name": "md5(n::text)", "first_name": "md5((n + 7)::text)",
                "reference": "gen_random_uuid()", "remote_id": "1000000 + n", "source_id": "'S-' || n",
                "health_record_id": "'C-' || n",
                "npi": "(1000000000 + n)::text", "provider_code": "'P-' || n",
            }  # fmt: skip
            names = [connection.ops.quote_name(f.column) for f in fields]
            parts = [said.get(f.name, "%s") for f in fields]
            values = [
                f.get_db_prep_save(f.pre_save(row, True), connection) for f in fields if f.name not in said
            ]
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) "
                f"SELECT {', '.join(parts)} FROM generate_series(1, {ROWS}) AS n",
                values,
            )
            as_owner(f"ANALYZE {model._meta.db_table}")
    return north


SEARCHES = (
    ("patient", "gómez", "patient_last_folded"),
    ("patient", "C-7999", "patient_chart_begins"),
    ("patient", "(203) 555-0101", "patient_by_cell"),
    ("patient", "IH 10079", "records_patient_remote_id"),
    ("doctor", "gómez", "doctor_last_folded"),
    ("doctor", "10000079", "doctor_npi_begins"),
)


def test_the_search_reads_its_indexes_and_not_the_table(filled: Enterprise) -> None:
    for noun, typed, index in SEARCHES:
        model: Any = {"patient": Patient, "doctor": Doctor}[noun]
        search = {"patient": searching.patients, "doctor": searching.doctors}[noun]
        text = str(search(model.objects.order_by(), typed).explain(format="json"))
        scanned = re.findall(r'"Node Type": "Seq Scan"', text)
        assert not scanned and index in text, f"{noun} {typed}: {text[:1500]}"
