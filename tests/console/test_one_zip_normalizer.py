"""A ZIP is repaired alike wherever it is typed: in a file, in a form, in a row of practices."""

from __future__ import annotations

import itertools

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit.context import Context
from partnerportal.console.forms import FORMS
from partnerportal.records.imports import services
from partnerportal.records.models import Enterprise, Patient, Practice
from tests.console.cast import signed_in
from tests.console.test_record_forms import as_shown, edit

TYPED = (
    "", "0", "00000", "0.0", "00000-0000", "000000000", "2108", "2108.0", "02108", "1013-2204", "10132204",
    "010132204", "803", "90210", "9021", "02108 ", "abc",
)  # fmt: skip
STATES = ("MA", "CA", "")
WHO = Context(actor="command:test", origin="command")


def by_file(enterprise: Enterprise, typed: str, state: str) -> str | None:
    """The ZIP that a file's row goes in with; None where the row is refused."""
    Patient.objects.all().delete()
    file = f"MRN,First,Last,State,ZIP\n1,Ann,Lee,{state},{typed}\n".encode()
    found = services.begin(WHO, kind="patients", enterprise=enterprise, filename="a.csv", data=file)
    services.confirm(WHO, found)
    made = Patient.objects.first()
    return made.zip if made else None


def by_form(noun: str, enterprise: Enterprise, typed: str, state: str) -> str | None:
    """The ZIP that a form keeps; None where what it keeps can't be sent."""
    row = {
        "patient": Patient(enterprise=enterprise, first_name="Ann", last_name="Lee"),
        "practice": Practice(enterprise=enterprise, name="Main"),
        "enterprise": Enterprise(name="North"),
    }[noun]
    form = FORMS[noun]({"state": state, "zip": typed, "name": "Main", "last_name": "Lee"}, instance=row)
    form.is_valid()
    row.zip, row.state = form.cleaned_data["zip"], form.cleaned_data["state"]
    return None if any(p.attribute == "zip" for p in row.problems()) else row.zip


def test_files_and_forms_take_the_same_zips(north: Enterprise) -> None:
    for typed, state in itertools.product(TYPED, STATES):
        wanted = by_file(north, typed, state)
        for noun in ("patient", "practice", "enterprise"):
            assert by_form(noun, north, typed, state) == wanted, (noun, typed, state)


@pytest.mark.parametrize(("typed", "kept"), [("2108", "02108"), ("0", "")])
def test_what_was_typed_is_kept_repaired(operator: Staff, ed: Patient, typed: str, kept: str) -> None:
    Patient.objects.filter(pk=ed.pk).update(state="MA", zip="01013")
    data = {**as_shown(ed), "zip": typed, "was-zip": "01013", "state": "MA", "was-state": "MA"}
    edit(signed_in(operator), ed, data)
    ed.refresh_from_db()
    assert (ed.zip, ed.not_valid) == (kept, [])


def test_a_zip_that_came_short_from_there_is_nobodys_edit(operator: Staff, ed: Patient) -> None:
    """What is repaired on reading the form must not look like a change of whoever saved another field."""
    Patient.objects.filter(pk=ed.pk).update(state="MA", zip="1013")
    client = signed_in(operator)
    edit(client, ed, {**as_shown(ed), "city": "Chicopee"})
    ed.refresh_from_db()
    assert (ed.city, ed.zip, ed.version) == ("Chicopee", "1013", 2)
    edit(client, ed, {**as_shown(ed), "zip": "01013"})
    ed.refresh_from_db()
    assert (ed.zip, ed.not_valid) == ("01013", [])


def test_the_practices_beside_a_new_enterprise_are_repaired_too(operator: Staff) -> None:
    rows = {
        "practices-TOTAL_FORMS": "1", "practices-INITIAL_FORMS": "0", "practices-0-name": "Main",
        "practices-0-state": "MA", "practices-0-zip": "2108",
    }  # fmt: skip
    client = signed_in(operator)
    client.post(
        reverse("admin:records_enterprise_add"), {"name": "North", "zip": "1013", "state": "MA", **rows}
    )
    assert (Enterprise.objects.get().zip, Practice.objects.get().zip) == ("01013", "02108")
