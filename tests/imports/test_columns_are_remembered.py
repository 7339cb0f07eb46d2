"""Columns said by hand are used for the enterprise's next file of that kind, and for no other."""

from __future__ import annotations

import pytest

from partnerportal.audit.models import Entry
from partnerportal.records.imports import services
from partnerportal.records.models import Enterprise, Import, Patient, RememberedColumns
from tests.imports.conftest import WHO, Bring

HEADINGS = ["Nr", "Vorname", "Nachname"]
FIRST = "Nr,Vorname,Nachname\n1,Ann,Lee\n"
CHOSEN = {"health_record_id": 0, "first_name": 1, "last_name": 2}


@pytest.fixture
def mapped(checked: Bring) -> Import:
    found = services.choose_columns(WHO, checked(FIRST), CHOSEN, remember=HEADINGS)
    assert found.state == Import.State.CHECKED
    return found


def test_the_next_file_needs_no_mapping(mapped: Import, checked: Bring) -> None:
    found = checked("Nr,Vorname,Nachname\n2,Bo,Ray\n")
    assert found.state == Import.State.CHECKED
    assert found.layout["mapping"] == CHOSEN
    assert found.layout["recalled"]["by"] == WHO.actor
    services.confirm(WHO, found)
    patient = Patient.objects.get()
    assert (patient.health_record_id, patient.first_name, patient.last_name) == ("2", "Bo", "Ray")


def test_columns_that_moved_and_one_more_are_known_again(mapped: Import, checked: Bring) -> None:
    found = checked("DOB,nachname,VORNAME,Nr\n1990-01-02,Ray,Bo,2\n")
    assert found.layout["mapping"] == {
        "date_of_birth": 0, "last_name": 1, "first_name": 2, "health_record_id": 3,
    }  # fmt: skip


def test_a_column_left_out_by_hand_stays_out(checked: Bring) -> None:
    text = "Nr,First,Last,City\n1,Ann,Lee,Boston\n"
    chosen = {"health_record_id": 0, "first_name": 1, "last_name": 2}
    services.choose_columns(WHO, checked(text), chosen, remember=["Nr", "First", "Last", "City"])
    assert "city" not in checked(text).layout["mapping"]


def test_a_later_mapping_of_the_same_headings_wins(mapped: Import, checked: Bring) -> None:
    turned = {"health_record_id": 0, "first_name": 2, "last_name": 1}
    services.choose_columns(WHO, checked(FIRST), turned, remember=HEADINGS)
    assert checked(FIRST).layout["mapping"] == turned
    assert RememberedColumns.objects.count() == 1


def test_another_enterprise_and_another_kind_do_not_know_it(mapped: Import, checked: Bring) -> None:
    other = Enterprise.objects.create(name="Oak Street Clinic")
    assert checked(FIRST, into=other).state == Import.State.REFUSED
    assert checked(FIRST, kind="doctors").state == Import.State.REFUSED


def test_nothing_is_remembered_unless_asked(checked: Bring) -> None:
    services.choose_columns(WHO, checked(FIRST), CHOSEN)
    assert not RememberedColumns.objects.exists()
    assert checked(FIRST).state == Import.State.REFUSED
    assert Entry.objects.filter(action="import_columns_chosen").count() == 1


def test_what_was_checked_is_what_goes_in_though_the_memory_changes(mapped: Import, checked: Bring) -> None:
    found = checked("Nr,Vorname,Nachname\n2,Bo,Ray\n")
    turned = {"health_record_id": 0, "first_name": 2, "last_name": 1}
    services.choose_columns(WHO, checked(FIRST), turned, remember=HEADINGS)
    services.confirm(WHO, found)
    assert Patient.objects.get().last_name == "Ray"


def test_a_memory_without_what_every_row_needs_does_not_stand_in_the_way(checked: Bring) -> None:
    both = "Last,Family\n,Lee\n"
    services.choose_columns(WHO, checked(both), {"last_name": 1}, remember=["Last", "Family"])
    assert checked("Last,First\nRay,Bo\n").layout["mapping"] == {"last_name": 0, "first_name": 1}
