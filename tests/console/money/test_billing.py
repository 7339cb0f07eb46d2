"""Billing of one and many: the page says to how many and for how much, and what it said is what is done."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery import billing
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in
from tests.console.sending.scene import patient, service_key

pytestmark = pytest.mark.django_db


def there(north: Enterprise, number: int, cents: int, **fields: Any) -> Patient:
    """A patient at Inbox Health who owes so much."""
    made = patient(north, number, remote_id=1000 + number, balance_cents=cents, **fields)
    made.acknowledged = {n: {"sent": v, "answered": v} for n, v in made.wire.values(made).items()}
    made.save()
    return made


def choose(client: Client, *patients: Patient) -> str:
    """The address of the page that says what each choice does."""
    answer = client.post(reverse("billing_choose"), {"scope": "selected", "ids": [p.pk for p in patients]})
    return str(answer["Location"])


def test_it_says_to_how_many_and_for_how_much_statements_start(operator: Staff, north: Enterprise) -> None:
    people = [there(north, 1, 20_410), there(north, 2, 300_000), there(north, 3, 0)]
    client = signed_in(operator)
    page = client.get(choose(client, *people)).content.decode()
    assert "Inbox Health starts sending statements to 2 patients who owe $3,204.10." in page
    assert "Left out: 1 patient without anything owed." in page
    assert not Delivery.objects.exists()
    assert {p.billing_status for p in Patient.objects.all()} == {"complete"}


def test_confirming_changes_them_here_and_sends_one_batch(operator: Staff, north: Enterprise) -> None:
    service_key()
    people = [there(north, 1, 20_410), there(north, 2, 300_000), there(north, 3, 0)]
    client = signed_in(operator)
    answer = client.post(choose(client, *people), {"status": "scheduled", "number": "2", "owed": "320410"})
    job = Job.objects.get()
    assert answer["Location"] == reverse("batch", args=[job.pk])
    assert job.total == Delivery.objects.filter(batch=job, noun="patient").count() == 2
    found = Patient.objects.order_by("pk")
    assert [p.billing_status for p in found] == ["scheduled", "scheduled", "complete"]
    assert [p.dirty for p in found] == [["billing_status"], ["billing_status"], []]
    assert Entry.objects.filter(action="patient_billing_changed", actor="user:olivia").count() == 2


def test_what_changed_since_is_shown_and_nothing_is_done(operator: Staff, north: Enterprise) -> None:
    service_key()
    ann = there(north, 1, 20_410)
    client = signed_in(operator)
    page = choose(client, ann)
    Patient.objects.filter(pk=ann.pk).update(balance_cents=99_999)
    answer = client.post(page, {"status": "scheduled", "number": "1", "owed": "20410"})
    assert answer.status_code == 409
    assert "$999.99" in answer.content.decode()
    assert not Delivery.objects.exists()
    assert Patient.objects.get().billing_status == "complete"


def test_an_edit_meanwhile_is_named(operator: Staff, north: Enterprise) -> None:
    ann = there(north, 1, 20_410)
    client = signed_in(operator)
    page = choose(client, ann)
    Patient.objects.filter(pk=ann.pk).update(version=7)
    answer = client.post(page, {"status": "excluded", "number": "1", "owed": "20410"})
    assert answer.status_code == 409
    assert ann.short_id in answer.content.decode()


def test_a_second_confirmation_does_nothing(operator: Staff, north: Enterprise) -> None:
    service_key()
    client = signed_in(operator)
    page = choose(client, there(north, 1, 500))
    for _ in range(2):
        client.post(page, {"status": "excluded", "number": "1", "owed": "500"})
    assert Job.objects.count() == 1


def test_without_a_key_nothing_is_changed(operator: Staff, north: Enterprise) -> None:
    client = signed_in(operator)
    page = choose(client, there(north, 1, 500))
    said = client.post(page, {"status": "excluded", "number": "1", "owed": "500"}, follow=True)
    assert "There is no API key to send with" in said.content.decode()
    assert Patient.objects.get().billing_status == "complete"


def test_who_is_not_there_yet_is_never_billed_from_the_start(operator: Staff, ed: Patient) -> None:
    client = signed_in(operator)
    client.post(choose(client, ed), {"status": "excluded", "number": "0", "owed": "0"})
    ed.refresh_from_db()
    assert (ed.billing_status, ed.sync_state) == ("excluded", "not_sent")
    assert not Delivery.objects.exists()


def test_what_inbox_health_has_by_now_is_overruled(operator: Staff, north: Enterprise) -> None:
    """Moved there by a rule: ours still says complete, and marking complete has to be sent."""
    service_key()
    ann = there(north, 1, 500)
    ann.remote = {"billing_status": "scheduled"}
    ann.save()
    client = signed_in(operator)
    client.post(choose(client, ann), {"status": "complete", "number": "1", "owed": "500"})
    ann.refresh_from_db()
    assert (ann.dirty, ann.conflicts) == (["billing_status"], [])


def test_many_in_production_take_the_number_typed(
    operator: Staff, north: Enterprise, settings: LazySettings
) -> None:
    service_key()
    settings.INBOX_HEALTH_ENVIRONMENT = "production"
    people = [there(north, number, 100) for number in range(26)]
    client = signed_in(operator)
    page = choose(client, *people)
    fields = {"status": "scheduled", "number": "26", "owed": "2600"}
    assert "Type 26 to do it in PRODUCTION" in client.get(page).content.decode()
    refused = client.post(page, {**fields, "typed": "25"})
    assert refused.status_code == 422
    assert not Job.objects.exists()
    client.post(page, {**fields, "typed": "26"})
    assert Job.objects.count() == 1


def test_all_that_match_are_those_of_the_list(operator: Staff, north: Enterprise, south: Enterprise) -> None:
    there(north, 1, 500)
    there(south, 2, 500)
    fields = {"scope": "all", "query": f"enterprise={north.pk}"}
    signed_in(operator).post(reverse("billing_choose"), fields)
    assert Plan.objects.get().counts == {"chosen": 1}


def test_too_many_at_a_time_are_refused(
    operator: Staff, north: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing, "MOST", 1)
    people = [there(north, number, 100) for number in range(2)]
    answer = signed_in(operator).post(reverse("billing_choose"), {"ids": [p.pk for p in people]}, follow=True)
    assert "1 patients at a time" in answer.content.decode()


def test_out_of_scope_nobody_is_chosen_and_a_plan_is_its_makers(
    operator: Staff, outsider: Staff, auditor: Staff, north: Enterprise
) -> None:
    ann = there(north, 1, 500)
    page = choose(signed_in(operator), ann)
    assert signed_in(outsider).get(page).status_code == 404
    assert signed_in(auditor).get(page).status_code == 403
    signed_in(outsider).post(reverse("billing_choose"), {"ids": [ann.pk]})
    assert Plan.objects.count() == 1
