"""The grid of refused fields: saved with versions, sent again at once, nobody's edit lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in
from tests.console.needs.test_needs_you import refused
from tests.console.sending import scene

GROUP = {"kind": "failed", "noun": "patient", "cause": "validation:zip"}
PATH = "/needs/fix/?kind=failed&noun=patient&cause=validation:zip"


@pytest.fixture
def people(north: Enterprise) -> list[Patient]:
    found = [scene.patient(north, number, zip="00000") for number in range(3)]
    for patient in found:
        refused(patient)
    return found


def typed(people: list[Patient], *zips: str, was: str = "00000") -> dict[str, Any]:
    posted: dict[str, Any] = {**GROUP, "row": [p.pk for p in people]}
    for patient, value in zip(people, zips, strict=True):
        posted |= {f"r{patient.pk}-zip": value, f"r{patient.pk}-was-zip": was}
    return posted


def post(staff: Staff, posted: dict[str, Any]) -> HttpResponse:
    return signed_in(staff).post("/needs/fix/", posted)


def test_the_grid_holds_just_the_refused_field(operator: Staff, people: list[Patient]) -> None:
    shown = signed_in(operator).get(PATH).content.decode()
    assert shown.count('value="00000"') >= 3 and "is invalid" in shown
    assert f'name="r{people[0].pk}-zip"' in shown and f'name="r{people[0].pk}-last_name"' not in shown


def test_what_was_changed_is_saved_and_sent_and_the_rest_waits(
    operator: Staff, people: list[Patient]
) -> None:
    answer = post(operator, typed(people, "01013", "06510", "00000"))
    job = Job.objects.get()
    assert answer["Location"] == f"/sending/batches/{job.pk}/"
    people[0].refresh_from_db()
    assert (people[0].zip, people[0].version, people[0].last_name) == ("01013", 2, "Family000")
    assert Delivery.objects.filter(batch=job, state="pending").count() == 2
    assert Delivery.objects.filter(state="failed", needs_person_since__isnull=False).count() == 1
    assert Entry.objects.filter(action="patient_edited").count() == 2


def test_one_that_still_can_not_be_sent_stays_with_its_reason(operator: Staff, people: list[Patient]) -> None:
    answer = post(operator, typed(people, "01013", "bad", "00000"))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "is no ZIP" in shown and people[1].short_id in shown and f"r{people[0].pk}-zip" not in shown
    assert "1 patient saved, and on the way again." in shown
    assert Delivery.objects.filter(batch=Job.objects.get()).count() == 1


def test_an_edit_of_somebody_else_is_shown_and_taken_over_only_knowingly(
    operator: Staff, people: list[Patient]
) -> None:
    Patient.objects.filter(pk=people[0].pk).update(zip="06511", version=2)
    answer = post(operator, typed(people, "01013", "00000", "00000"))
    people[0].refresh_from_db()
    assert answer.status_code == 422 and people[0].zip == "06511"
    shown = answer.content.decode()
    assert "saved 06511 meanwhile" in shown and 'value="01013"' in shown
    assert f'name="r{people[0].pk}-was-zip" value="06511"' in shown
    post(operator, typed(people[:1], "01013", was="06511"))
    people[0].refresh_from_db()
    assert people[0].zip == "01013"


def test_a_row_that_somebody_else_finished_is_said_and_not_saved(
    operator: Staff, people: list[Patient]
) -> None:
    Delivery.objects.filter(record_id=people[0].pk).update(state="delivered", needs_person_since=None)
    browser = signed_in(operator)
    answer = browser.post("/needs/fix/", typed(people, "01013", "00000", "00000"), follow=True)
    assert "1 row left this list meanwhile: what was typed there is not saved." in answer.content.decode()
    people[0].refresh_from_db()
    assert people[0].zip == "00000"


def test_what_our_own_rules_refuse_is_mended_the_same_way(operator: Staff, north: Enterprise) -> None:
    patient = scene.patient(north, 7, zip="bad")
    scene.delivery(patient, "blocked", reason="not_valid", needs_person_since=timezone.now())
    posted = {**typed([patient], "01013", was="bad"), "kind": "not_valid", "cause": ""}
    assert post(operator, posted).status_code == 302
    patient.refresh_from_db()
    assert patient.not_valid == []
    assert Delivery.objects.get(record_id=patient.pk).state == "pending"


def test_in_production_a_large_one_is_confirmed_on_its_plan(
    operator: Staff, north: Enterprise, settings: Any
) -> None:
    people = [scene.patient(north, number, zip="00000") for number in range(26)]
    for patient in people:
        refused(patient)
    settings.INBOX_HEALTH_ENVIRONMENT = "production"
    answer = post(operator, typed(people, *["01013"] * 26))
    assert answer["Location"].startswith("/push/plans/")
    assert not Job.objects.exists()


def test_a_foreign_record_can_not_be_reached_through_the_grid(outsider: Staff, people: list[Patient]) -> None:
    post(outsider, typed(people, "01013", "01013", "01013"))
    people[0].refresh_from_db()
    assert people[0].zip == "00000" and not Job.objects.exists()
