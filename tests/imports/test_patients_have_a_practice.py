"""A patient's practice in a file: by its name within the enterprise, as for charges."""

from __future__ import annotations

import pytest

from partnerportal.console.importing_rows import to_correct
from partnerportal.records.imports import undoing
from partnerportal.records.models import Enterprise, Import, Patient, Practice
from tests.imports.conftest import WHO, Bring

HEAD = "Chart #,First Name,Last,DOB,Practice\n"
ANN = "1,Ann,Lee,1990-01-02,{}\n"


@pytest.fixture
def west(enterprise: Enterprise) -> Practice:
    Practice.objects.create(enterprise=enterprise, name="Birch East")
    other = Enterprise.objects.create(name="Elm Clinic")
    Practice.objects.create(enterprise=other, name="Elm Center")
    return Practice.objects.create(enterprise=enterprise, name="Birch West")


def reason(found: Import) -> str:
    (row,) = found.rows.filter(word="not_valid")
    (problem,) = row.content["problems"]
    return " ".join(problem[:4])  # then the column


@pytest.mark.parametrize("said", ["Birch West", " birch  WEST", "{id}"])
def test_it_is_placed_by_its_name_or_id(imported: Bring, west: Practice, said: str) -> None:
    done = imported(HEAD + ANN.format(said.replace("{id}", west.short_id)))
    assert done.facts["result"] == {"new": 1}
    assert Patient.objects.get().practice == west


def test_an_unknown_name_names_the_practices_there_are(checked: Bring, west: Practice) -> None:
    told = reason(checked(HEAD + ANN.format("Elm Center")))
    assert (
        told == "Practice Elm Center is no practice of this enterprise write one of: Birch East, Birch West"
    )


def test_a_name_of_two_asks_for_the_id(checked: Bring, west: Practice) -> None:
    twin = Practice.objects.create(enterprise=west.enterprise, name="Birch West")
    told = reason(checked(HEAD + ANN.format("Birch West")))
    assert told.endswith(
        f"is the name of several practices write the id of one: {west.short_id}, {twin.short_id}"
    )


def test_a_later_file_changes_it_and_a_blank_cell_leaves_it(imported: Bring, west: Practice) -> None:
    imported(HEAD + ANN.format("Birch East"))
    assert imported(HEAD + ANN.format("Birch East")).facts["result"] == {"unchanged": 1}
    changed = imported(HEAD + ANN.format("Birch West"))
    assert changed.facts["result"] == {"changed": 1}
    (row,) = changed.rows.filter(word="changed")
    assert row.content["changes"] == [["practice", "Birch East", "Birch West"]]
    assert imported(HEAD + ANN.format("")).facts["result"] == {"unchanged": 1}
    assert Patient.objects.get().practice == west
    undoing.undo(changed, WHO)
    assert Patient.objects.get().practice_id == Practice.objects.get(name="Birch East").pk


def test_corrected_rows_come_back_without_the_portal_s_own_columns(checked: Bring, west: Practice) -> None:
    corrected = "".join(to_correct(checked(HEAD + ANN.format("Elm Center")))).replace("Elm Center", "Birch W")
    again = checked(corrected)
    assert again.layout["unused"] == []
    assert again.facts["columns"] == again.facts["used"] == 5
    assert (
        "".join(to_correct(again)).splitlines()[0]
        == "Line,What is wrong,Chart #,First Name,Last,DOB,Practice"
    )


def test_a_name_too_long_for_a_list_is_refused(checked: Bring) -> None:
    told = reason(checked(HEAD.replace(",Practice", "") + f"1,Ann,{'L' * 101},1990-01-02\n"))
    assert told.endswith("is longer than 100 characters shorten it")
