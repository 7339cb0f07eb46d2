"""The sample files, as Synthea writes them, go in whole; and go in once."""

from __future__ import annotations

import pytest

from partnerportal.jobs.models import Job
from partnerportal.records.models import Doctor, Enterprise, Import, Patient, Practice
from tests.imports.conftest import SAMPLE, Bring


def test_all_300_patients_go_in_with_their_chart_numbers_and_digits(
    imported: Bring, enterprise: Enterprise, patients_csv: bytes
) -> None:
    done = imported(patients_csv)
    assert done.state == Import.State.DONE
    assert done.facts["counts"] == {"new": 300}
    assert done.facts["result"] == {"new": 300}
    assert done.job.state == Job.State.DONE
    first = Patient.objects.get(health_record_id="1d604da9-9a81-4ba9-80c2-de3375d59b40")
    assert (first.first_name, first.last_name) == ("José Eduardo181", "Gómez206")
    assert (first.state, first.zip, first.sex) == ("MA", "01013", "Male")
    assert first.date_of_birth.isoformat() == "1989-05-25"
    assert first.enterprise == enterprise
    assert first.sync_state == "not_sent"
    assert first.dirty


def test_the_preview_says_what_is_repaired_and_worth_knowing(checked: Bring, patients_csv: bytes) -> None:
    facts = checked(patients_csv).facts
    assert facts["words"] == "CSV, comma, UTF-8"
    assert facts["dates"] == "year-month-day"
    assert facts["repaired"]["state"] == 300
    assert facts["worth"]["minor"] == 38
    assert facts["worth"]["no_zip"] == 150


def test_the_same_file_again_changes_nothing(imported: Bring, checked: Bring, patients_csv: bytes) -> None:
    imported(patients_csv)
    before = list(Patient.objects.order_by("pk").values_list("pk", "version", "updated_at"))
    again = imported(patients_csv)
    assert again.facts["result"] == {"unchanged": 300}
    assert list(Patient.objects.order_by("pk").values_list("pk", "version", "updated_at")) == before
    assert not again.records.exists()


def test_a_preview_alone_writes_no_patient(checked: Bring, patients_csv: bytes) -> None:
    checked(patients_csv)
    assert not Patient.objects.exists()


def test_ssns_stay_out_unless_the_enterprise_allows_them(
    imported: Bring, enterprise: Enterprise, patients_csv: bytes
) -> None:
    imported(patients_csv)
    assert set(Patient.objects.values_list("ssn_fingerprint", flat=True)) == {""}
    enterprise.allow_ssn = True
    enterprise.save()
    done = imported(patients_csv)
    assert done.facts["result"] == {"changed": 300}
    assert Patient.objects.get(last_name="Gómez206", first_name="José Eduardo181").masked_ssn == "•••-••-6866"


@pytest.fixture
def forty(imported: Bring) -> Import:
    return imported((SAMPLE / "organizations.csv").read_bytes(), kind="enterprises", into=None)


def test_enterprises_then_their_doctors_who_bring_a_practice(imported: Bring, forty: Import) -> None:
    assert forty.facts["result"] == {"new": 40}
    done = imported((SAMPLE / "providers.csv").read_bytes(), kind="doctors", into=None)
    assert done.facts["result"] == {"new": 40}
    doctor = Doctor.objects.get(source_id="3421aa75-dec7-378d-a9e0-0bc764e4cb0d")
    assert (doctor.first_name, doctor.last_name, doctor.specialty) == (
        "Tomas436",
        "Sauer652",
        "GENERAL PRACTICE",
    )
    assert doctor.enterprise.source_id == "ef58ea08-d883-3957-8300-150554edc8fb"
    practice = Practice.objects.get(enterprise=doctor.enterprise)
    assert (practice.name, practice.address_line_1) == (doctor.enterprise.name, "60 HOSPITAL ROAD")
    assert Practice.objects.count() == 40


@pytest.mark.parametrize(
    ("kind", "name"), [("enterprises", "organizations.csv"), ("doctors", "providers.csv")]
)
def test_enterprises_and_doctors_again_change_nothing(
    imported: Bring, forty: Import, kind: str, name: str
) -> None:
    content = (SAMPLE / name).read_bytes()
    imported(content, kind=kind, into=None)
    assert imported(content, kind=kind, into=None).facts["result"] == {"unchanged": 40}


def test_doctors_before_their_enterprises_are_told_so(checked: Bring) -> None:
    found = checked((SAMPLE / "providers.csv").read_bytes(), kind="doctors", into=None)
    assert found.facts["counts"] == {"not_valid": 40}
    heading, value, reason, *_ = found.rows.first().content["problems"][0]
    assert (heading, reason) == ("ORGANIZATION", "is no enterprise here")
    assert value
