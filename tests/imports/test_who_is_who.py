"""A row is the same patient by chart number; by name and birth date only once a person agrees."""

from __future__ import annotations

from datetime import date

import pytest

from partnerportal.records.imports import services
from partnerportal.records.models import Doctor, Enterprise, Import, Patient
from tests.imports.conftest import WHO, Bring

HEADER = "MRN,First,Last,DOB,Cell,Email\n"
ANN = HEADER + "7,Ann,Lee,1990-01-02,(203) 555-0101,ann@example.com\n"


@pytest.fixture
def ann(imported: Bring) -> Patient:
    imported(ANN)
    return Patient.objects.get()


def test_a_newer_file_shows_was_and_now_and_then_changes_only_that(ann: Patient, checked: Bring) -> None:
    newer = checked(HEADER + "7,Ann,Lee,1990-01-02,2035550199,ann@example.com\n")
    assert newer.facts["counts"] == {"changed": 1}
    row = newer.rows.get()
    assert row.record_id == ann.pk
    assert row.content["changes"] == [["cell_phone", "(203) 555-0101", "(203) 555-0199"]]
    services.confirm(WHO, newer)
    now = Patient.objects.get()
    assert (now.pk, now.cell_phone, now.version) == (ann.pk, "(203) 555-0199", ann.version + 1)


def test_a_blank_cell_never_erases(ann: Patient, imported: Bring) -> None:
    assert imported(HEADER + "7,Ann,Lee,,,\n").facts["result"] == {"unchanged": 1}
    assert Patient.objects.get().email == "ann@example.com"


def test_another_way_to_write_the_same_is_no_change(ann: Patient, imported: Bring) -> None:
    done = imported(HEADER + "7,Ann,Lee,01/02/1990,203.555.0101,ANN@example.com\n")
    assert done.facts["result"] == {"unchanged": 1}


@pytest.mark.parametrize("chart", ["", "8"])
def test_the_same_name_and_birth_date_is_left_out_until_decided(
    ann: Patient, imported: Bring, chart: str
) -> None:
    done = imported(HEADER + f"{chart},ANN,Lee,1990-01-02,,new@example.com\n")
    assert done.facts["result"] == {"maybe": 1}
    assert Patient.objects.count() == 1


def test_the_same_person_is_updated_once_a_person_says_so(ann: Patient, checked: Bring) -> None:
    found = checked(HEADER + "8,Ann,Lee,1990-01-02,,\n")
    services.decide(WHO, found, 2, "same")
    assert services.confirm(WHO, found).facts["result"] == {"changed": 1}
    assert Patient.objects.get().health_record_id == "8"


def test_someone_else_of_that_name_becomes_a_new_patient(ann: Patient, checked: Bring) -> None:
    found = checked(HEADER + "8,Ann,Lee,1990-01-02,,\n")
    services.decide(WHO, found, 2, "other")
    assert services.confirm(WHO, found).facts["result"] == {"new": 1}
    assert Patient.objects.count() == 2


def test_a_file_without_chart_numbers_is_known_again(imported: Bring) -> None:
    content = "First,Last,DOB,Email\nAnn,Lee,1990-01-02,ann@example.com\nBo,Ray,1991-01-02,\n"
    assert imported(content).facts["result"] == {"new": 2}
    assert imported(content).facts["result"] == {"unchanged": 2}


def test_two_of_one_name_in_one_file_are_not_mistaken_for_each_other(imported: Bring) -> None:
    done = imported(HEADER + "7,Ann,Lee,1990-01-02,,\n8,Ann,Lee,1990-01-02,,\n")
    assert done.facts["result"] == {"new": 2}


def test_the_same_chart_number_elsewhere_is_another_patient(ann: Patient, imported: Bring) -> None:
    other = Enterprise.objects.create(name="Willow Clinic")
    assert imported(ANN, into=other).facts["result"] == {"new": 1}
    assert Patient.objects.count() == 2


def test_what_appeared_since_the_preview_is_not_doubled(checked: Bring, enterprise: Enterprise) -> None:
    found = checked(ANN)
    Patient.objects.create(
        enterprise=enterprise, health_record_id="7", first_name="Ann", last_name="Lee",
        date_of_birth=date(1990, 1, 2), cell_phone="2035550101", email="ann@example.com",
    )  # fmt: skip
    with pytest.raises(services.NotReady, match="checked again"):  # the numbers are others by now
        services.confirm(WHO, found)
    done = services.confirm(WHO, found)
    assert done.facts["result"] == {"unchanged": 1}
    assert Patient.objects.count() == 1


def test_an_old_fault_elsewhere_in_the_record_does_not_keep_a_row_out(
    enterprise: Enterprise, imported: Bring
) -> None:
    Patient.objects.create(
        enterprise=enterprise, health_record_id="7", first_name="Ann", last_name="Lee", zip="1"
    )
    assert imported(HEADER + "7,Ann,Lee,1990-01-02,,\n").facts["result"] == {"changed": 1}


def test_doctors_are_matched_by_npi_where_they_have_no_other_id(
    imported: Bring, enterprise: Enterprise
) -> None:
    imported("NPI,Name\n1234567893,Ann Lee\n", kind="doctors")
    done = imported("NPI,Name,Specialty\n1234567893,Ann Lee,Cardiology\n", kind="doctors")
    assert done.facts["result"] == {"changed": 1}
    assert Doctor.objects.get(enterprise=enterprise).specialty == "Cardiology"


def test_ids_that_name_two_doctors_at_once_are_told(imported: Bring, checked: Bring) -> None:
    imported("Id,NPI,Name\na,1234567893,Ann Lee\nb,1245319599,Bo Ray\n", kind="doctors")
    found = checked("Id,NPI,Name\na,1245319599,Ann Lee\n", kind="doctors")
    assert "names two records at once" in found.rows.get().content["problems"][0][2]


def test_a_decision_is_for_rows_that_may_be_here_already(ann: Patient, checked: Bring) -> None:
    found = checked(ANN)
    services.cancel(WHO, found)
    with pytest.raises(services.NotReady):
        services.decide(WHO, found, 2, "same")
    assert Import.objects.get(pk=found.pk).state == Import.State.CANCELLED
