"""Forms: only what a person changed is saved, nobody's edit is lost silently, nothing typed is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.console.forms import FORMS
from partnerportal.delivery.models import Plan
from partnerportal.records.models import Doctor, Enterprise, Patient, Practice
from partnerportal.records.state import SyncState
from tests.console.cast import signed_in


def as_shown(record: Any) -> dict[str, str]:
    """What the browser would send for a form that was opened and not touched."""
    form = FORMS[record.noun](instance=type(record).objects.get(pk=record.pk))
    was = dict(form.snapshot())
    return {**was, **{name.removeprefix("was-"): value for name, value in was.items()}}


def edit(client: Client, record: Any, data: dict[str, str]) -> Any:
    return client.post(reverse(f"admin:records_{record.noun}_edit", args=[record.pk]), data)


def test_only_changed_fields_are_saved_and_the_entry_names_them(operator: Staff, ed: Patient) -> None:
    data = as_shown(ed)
    answer = edit(signed_in(operator), ed, {**data, "cell_phone": "413.555.0199"})
    assert answer.status_code == 302
    ed.refresh_from_db()
    assert (ed.cell_phone, ed.version) == ("4135550199", 2)
    entry = Entry.objects.get(action="patient_edited")
    assert (entry.actor, entry.record, entry.patient) == ("user:olivia", f"patient:P-{ed.pk}", ed.pk)


def test_a_form_sent_untouched_changes_nothing(operator: Staff, ed: Patient) -> None:
    edit(signed_in(operator), ed, as_shown(ed))
    ed.refresh_from_db()
    assert ed.version == 1
    assert not Entry.objects.filter(action="patient_edited").exists()


def test_what_a_request_leaves_out_is_not_emptied(operator: Staff, ed: Patient) -> None:
    edit(signed_in(operator), ed, {"city": "Holyoke"})
    ed.refresh_from_db()
    assert (ed.city, ed.last_name, ed.billing_status) == ("Holyoke", "Edison", "complete")


def test_a_box_can_be_unticked(operator: Staff, north: Enterprise) -> None:
    Enterprise.objects.filter(pk=north.pk).update(allow_ssn=True)
    data = as_shown(north)
    del data["allow_ssn"]
    edit(signed_in(operator), north, data)
    north.refresh_from_db()
    assert north.allow_ssn is False


def test_two_people_on_different_fields_lose_nothing(operator: Staff, ed: Patient) -> None:
    data = as_shown(ed)
    Patient.objects.filter(pk=ed.pk).update(city="Holyoke", version=2)
    edit(signed_in(operator), ed, {**data, "cell_phone": "4135550199"})
    ed.refresh_from_db()
    assert (ed.city, ed.cell_phone) == ("Holyoke", "4135550199")


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Boston"), ("theirs", "Holyoke")])
def test_two_people_on_one_field_are_shown_both_and_one_decides(
    operator: Staff, ed: Patient, choice: str, kept: str
) -> None:
    client, data = signed_in(operator), {**as_shown(ed), "city": "Boston", "first_name": "Edward"}
    Patient.objects.filter(pk=ed.pk).update(city="Holyoke", version=2)
    shown = edit(client, ed, data)
    page = shown.content.decode()
    assert shown.status_code == 422
    assert "Boston" in page
    assert "Holyoke" in page
    ed.refresh_from_db()
    assert (ed.city, ed.first_name) == ("Holyoke", "Ed"), "nothing is saved before someone decides"
    edit(client, ed, {**data, "was-city": "Holyoke", "clashed": "city", "clash-city": choice})
    ed.refresh_from_db()
    assert (ed.city, ed.first_name) == (kept, "Edward")


def test_saving_again_without_deciding_saves_nothing(operator: Staff, ed: Patient) -> None:
    client, data = signed_in(operator), {**as_shown(ed), "city": "Boston"}
    Patient.objects.filter(pk=ed.pk).update(city="Holyoke", version=2)
    edit(client, ed, data)
    assert edit(client, ed, {**data, "was-city": "Holyoke", "clashed": "city"}).status_code == 422
    ed.refresh_from_db()
    assert ed.city == "Holyoke"


def test_a_decision_does_not_run_over_a_third_person(operator: Staff, ed: Patient) -> None:
    client, data = signed_in(operator), {**as_shown(ed), "city": "Boston"}
    Patient.objects.filter(pk=ed.pk).update(city="Holyoke", version=2)
    edit(client, ed, data)
    Patient.objects.filter(pk=ed.pk).update(city="Chicopee", version=3)
    decided = {**data, "was-city": "Holyoke", "clashed": "city", "clash-city": "mine"}
    assert edit(client, ed, decided).status_code == 422
    ed.refresh_from_db()
    assert ed.city == "Chicopee"


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("state", "massachusetts", "MA"),
        ("zip", "010132204", "01013-2204"),
        ("email", " Ed@Example.COM ", "ed@example.com"),
        ("cell_phone", "+1 (203) 555-0101", "2035550101"),
        ("cell_phone", "ask at desk", "ask at desk"),
        ("state", "Mass.", "Mass."),
        ("first_name", "  Ed   Lee ", "Ed Lee"),
    ],
)
def test_what_is_understood_is_put_into_one_form_and_what_is_not_is_kept(
    operator: Staff, ed: Patient, field: str, typed: str, kept: str
) -> None:
    edit(signed_in(operator), ed, {**as_shown(ed), field: typed})
    ed.refresh_from_db()
    assert getattr(ed, field) == kept


@pytest.mark.parametrize(
    "typed", ["10/26/1979", "1979-10-26", "Oct 26 1979", "October 26th, 1979", "26 Oct 1979"]
)
def test_a_date_of_birth_is_taken_in_any_usual_form(operator: Staff, ed: Patient, typed: str) -> None:
    edit(signed_in(operator), ed, {**as_shown(ed), "date_of_birth": typed})
    ed.refresh_from_db()
    assert ed.date_of_birth == date(1979, 10, 26)


def test_what_cant_be_stored_is_said_and_nothing_typed_is_lost(operator: Staff, ed: Patient) -> None:
    data = {**as_shown(ed), "date_of_birth": "1987-13-02", "city": "Holyoke"}
    answer = edit(signed_in(operator), ed, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“1987-13-02” is no date" in page
    assert "Holyoke" in page
    ed.refresh_from_db()
    assert ed.city == ""


def test_a_record_that_cant_be_sent_is_saved_all_the_same(operator: Staff, ed: Patient) -> None:
    client = signed_in(operator)
    answer = edit(client, ed, {**as_shown(ed), "zip": "10I3", "push": "1"})
    assert answer["Location"].endswith("/edit/"), "back to the field that keeps it from going"
    ed.refresh_from_db()
    assert (ed.zip, ed.sync_state) == ("10I3", SyncState.NOT_VALID)
    assert "“10I3” is no ZIP" in client.get(answer["Location"]).content.decode()
    assert not Plan.objects.exists()


def test_save_and_push_leads_to_the_plan_of_this_record(operator: Staff, ed: Patient) -> None:
    answer = edit(signed_in(operator), ed, {**as_shown(ed), "city": "Holyoke", "push": "1"})
    plan = Plan.objects.get()
    assert answer["Location"] == reverse("plan", args=[plan.pk])
    assert plan.items.get(why="").record_id == ed.pk


def test_a_chart_number_that_another_patient_has_is_said_at_its_field(operator: Staff, ed: Patient) -> None:
    other = Patient.objects.create(enterprise=ed.enterprise, last_name="Kim")
    answer = edit(signed_in(operator), other, {**as_shown(other), "health_record_id": "12345"})
    assert answer.status_code == 422
    assert "Another record of this enterprise has this one already" in answer.content.decode()


def test_an_ssn_has_a_field_only_where_the_enterprise_allows_it_and_never_stands_in_the_page(
    operator: Staff, ed: Patient
) -> None:
    client, address = signed_in(operator), reverse("admin:records_patient_edit", args=[ed.pk])
    assert 'name="ssn"' not in client.get(address).content.decode()
    Enterprise.objects.filter(pk=ed.enterprise_id).update(allow_ssn=True)
    Patient.objects.filter(pk=ed.pk).update(ssn="801-31-3292")
    page = client.get(address).content.decode()
    assert 'name="ssn"' in page
    assert "801" not in page


def test_an_ssn_left_empty_stays_and_one_typed_replaces_it(operator: Staff, ed: Patient) -> None:
    Enterprise.objects.filter(pk=ed.enterprise_id).update(allow_ssn=True)
    client = signed_in(operator)
    edit(client, ed, {**as_shown(ed), "ssn": "801-31-3292"})
    edit(client, ed, {**as_shown(ed), "ssn": "", "city": "Holyoke"})
    ed.refresh_from_db()
    assert (ed.masked_ssn, ed.city) == ("•••-••-3292", "Holyoke")
    said = Entry.objects.filter(action="patient_edited").count()
    assert said == 2


def test_a_practice_of_another_enterprise_is_no_choice(
    operator: Staff, ed: Patient, south: Enterprise
) -> None:
    foreign = Practice.objects.create(enterprise=south, name="South office")
    answer = edit(signed_in(operator), ed, {**as_shown(ed), "practice": str(foreign.pk)})
    assert answer.status_code == 422
    ed.refresh_from_db()
    assert ed.practice is None


def test_an_enterprise_is_added_together_with_its_practices(operator: Staff) -> None:
    data = {
        "name": "West Clinic", "practices-TOTAL_FORMS": "3", "practices-INITIAL_FORMS": "0",
        "practices-0-name": "Main office", "practices-0-state": "Texas", "practices-2-name": "Annex",
    }  # fmt: skip
    answer = signed_in(operator).post(reverse("admin:records_enterprise_add"), data)
    west = Enterprise.objects.get(name="West Clinic")
    assert answer["Location"] == reverse("admin:records_enterprise_change", args=[west.pk])
    kept = list(west.practices.order_by("pk").values_list("name", "state"))
    assert kept == [("Main office", "TX"), ("Annex", "")]
    assert Entry.objects.filter(action__in=["enterprise_added", "practice_added"]).count() == 3


def test_a_patient_is_added_to_the_enterprise_named(
    operator: Staff, north: Enterprise, south: Enterprise
) -> None:
    client, address = signed_in(operator), reverse("admin:records_patient_add")
    assert "Which enterprise" in client.get(address).content.decode()
    client.post(f"{address}?enterprise={south.pk}", {"first_name": "Zoë", "billing_status": "complete"})
    added = Patient.objects.get()
    assert (added.enterprise_id, added.billing_status, added.sync_state) == (
        south.pk,
        "complete",
        SyncState.NOT_VALID,
    )


def test_nobody_adds_to_an_enterprise_out_of_scope(outsider: Staff, north: Enterprise) -> None:
    answer = signed_in(outsider).post(f"/records/patient/add/?enterprise={north.pk}", {"first_name": "Eve"})
    assert answer.status_code == 404
    assert not Patient.objects.exists()


def test_a_wrong_npi_check_digit_only_warns(operator: Staff, north: Enterprise) -> None:
    doctor = Doctor.objects.create(enterprise=north, first_name="Lena", last_name="Okafor")
    client = signed_in(operator)
    edit(client, doctor, {**as_shown(doctor), "npi": "123-456-7890"})
    doctor.refresh_from_db()
    assert (doctor.npi, doctor.not_valid) == ("1234567890", [])
    page = client.get(reverse("admin:records_doctor_change", args=[doctor.pk])).content.decode()
    assert "1234567890 should end in 3." in page


def test_a_name_of_300_letters_is_refused_in_words_and_one_from_there_may_stay(
    operator: Staff, ed: Patient
) -> None:
    answer = edit(signed_in(operator), ed, {**as_shown(ed), "last_name": "L" * 101})
    assert answer.status_code == 422
    assert "This is 101 characters long. A name has at most 100 here: shorten it." in answer.content.decode()
    Patient.objects.filter(pk=ed.pk).update(last_name="M" * 200)
    assert edit(signed_in(operator), ed, {**as_shown(ed), "city": "Holyoke"}).status_code == 302
