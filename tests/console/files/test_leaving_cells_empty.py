"""A refused cell of an optional field can be left empty in all its rows; that can be taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.models import Enterprise, Import, Patient
from tests.console.cast import signed_in
from tests.console.files.test_importing_on_a_page import page, upload

HEAD = (
    "MRN,First,Last,DOB,State,ZIP,Email,Home Phone,Cell,Work Phone,Sex,Language,Marital,SMS Opt Out,No Calls"
)
# A value that is refused, by the heading of its column; each stands in two rows of one file.
REFUSED = {
    "DOB": "1987-13-02", "State": "Nowhere", "ZIP": "abc", "Email": "nobody", "Home Phone": "12",
    "Cell": "34", "Work Phone": "56", "Sex": "Q", "Language": "x" * 61, "Marital": "y" * 61,
    "SMS Opt Out": "perhaps", "No Calls": "perhaps",
}  # fmt: skip


@pytest.fixture
def client(operator: Staff) -> Client:
    return signed_in(operator)


def rows(heading: str, value: str) -> str:
    """Two rows with the refused value, one without."""
    headings = HEAD.split(",")
    lines = [dict(zip(headings, (str(n), "Ann", f"Lee{n}"), strict=False)) for n in range(3)]
    for line in lines[:2]:
        line[heading] = value
    return "\n".join([HEAD, *(",".join(line.get(h, "") for h in headings) for line in lines)]) + "\n"


def offers(text: str) -> list[dict[str, str]]:
    """What each form of the page that empties cells would send."""
    found = re.findall(r'<form method="post" action="[^"]*/empty/".*?</form>', text, re.DOTALL)
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', one)) for one in found]


@pytest.mark.parametrize("heading", REFUSED)
def test_each_optional_field_offers_it_and_takes_it_back(
    client: Client, north: Enterprise, heading: str
) -> None:
    upload(client, north, rows(heading, REFUSED[heading]))
    found = Import.objects.get()
    assert found.facts["counts"] == {"not_valid": 2, "new": 1}
    text = page(client, found)
    (said,) = offers(text)
    assert "Leave it empty in all 2 rows" in text

    client.post(f"/files/jobs/{found.pk}/empty/", said)
    found.refresh_from_db()
    assert found.facts["counts"] == {"new": 3}
    text = page(client, found)
    (back,) = offers(text)
    assert "is left empty in 2 rows" in text and back["leave"] == ""

    client.post(f"/files/jobs/{found.pk}/empty/", back)
    found.refresh_from_db()
    assert found.facts["counts"] == {"not_valid": 2, "new": 1}

    client.post(f"/files/jobs/{found.pk}/empty/", said)
    client.post(f"/files/jobs/{found.pk}/confirm/")
    assert Patient.objects.count() == 3
    assert all(not patient.not_valid for patient in Patient.objects.all())
    entries = Entry.objects.filter(action="import_cells_emptied", record=found.record_name)
    assert entries.count() == 3


def test_what_no_row_can_do_without_is_never_offered(client: Client, north: Enterprise) -> None:
    """Names and what says who a row is: without them it is another person."""
    long = "z" * 121
    upload(client, north, f"MRN,First,Last\n{long},Ann,Lee\n1,{long},Ray\n2,Bo,{long}\n3,,Kim\n")
    found = Import.objects.get()
    assert found.facts["counts"] == {"not_valid": 4}
    assert offers(page(client, found)) == []
    for name in ("health_record_id", "first_name", "last_name"):
        said = {"field": name, "reason": "is longer than 120 characters", "leave": "1"}
        client.post(f"/files/jobs/{found.pk}/empty/", said)
    found.refresh_from_db()
    assert found.facts["counts"] == {"not_valid": 4}
    assert not Entry.objects.filter(action="import_cells_emptied").exists()


def test_no_amount_and_no_identity_may_be_left_empty() -> None:
    for kind in KINDS.values():
        may = {column.name for column in kind.columns if kind.may_be_empty(column.name)}
        assert not may & {*kind.keys, *kind.required, *(c.name for c in kind.columns if c.is_name)}
        if kind.is_money:
            assert may <= {"description", "service_code", "reason"}


def test_what_is_here_stays_where_a_refused_change_of_it_is_left_empty(
    client: Client, north: Enterprise
) -> None:
    """As any empty cell, it erases nothing."""
    Patient.objects.create(
        enterprise=north, first_name="Ann", last_name="Lee", health_record_id="1", zip="01013"
    )
    upload(client, north, "MRN,First,Last,ZIP,City\n1,Ann,Lee,abc,Chicopee\n")
    found = Import.objects.get()
    (said,) = offers(page(client, found))
    client.post(f"/files/jobs/{found.pk}/empty/", said)
    client.post(f"/files/jobs/{found.pk}/confirm/")
    ann = Patient.objects.get()
    assert (ann.zip, ann.city) == ("01013", "Chicopee")


def test_only_who_may_import_may_say_so(
    client: Client, north: Enterprise, auditor: Staff, outsider: Staff
) -> None:
    upload(client, north, rows("ZIP", "abc"))
    found = Import.objects.get()
    (said,) = offers(page(client, found))
    for who, status in ((auditor, 403), (outsider, 404)):
        answer: Any = signed_in(who).post(f"/files/jobs/{found.pk}/empty/", said)
        assert answer.status_code == status
    found.refresh_from_db()
    assert found.facts["counts"]["not_valid"] == 2
