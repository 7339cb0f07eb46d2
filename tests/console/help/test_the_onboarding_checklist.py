"""The checklist on Account Settings: ticked by what really is, put away and brought back by each person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.models import Entry
from partnerportal.console.demo_records import GROUPS, ensure
from partnerportal.console.onboarding import onboarding
from partnerportal.records.models import Doctor, Endpoint, Enterprise, Invoice, Patient, Practice
from tests.cast import make_key
from tests.console.cast import person, signed_in

TITLES = ["API key", "Enterprise", "Practices and doctors", "Patients", "Balances", "Webhooks"]


def ticked(staff: Staff) -> list[str]:
    return [step.title for step in onboarding(staff).steps if step.done]


def page(staff: Staff) -> str:
    return signed_in(staff).get(reverse("account")).content.decode()


def test_a_new_portal_begins_with_the_key(operator: Staff) -> None:
    now = onboarding(operator)
    assert [step.title for step in now.steps] == TITLES
    assert now.next is not None and now.next.act == "Generate a sandbox key"
    assert "0 of 6 done. Next: API key" in page(operator)


def test_the_top_button_is_the_readers_own_next_step(operator: Staff, settings: Any) -> None:
    make_key()
    generate = f'<form method="post" action="{reverse("key_generate")}">'
    assert page(operator).count(generate) == 2, "at the top, and beside the key"
    settings.INBOX_HEALTH_BASE_URL = "https://api.demo.inboxhealth.com/partner/v2"
    assert f'<a class="btn btn-primary" href="{reverse("key_connect")}">Connect API key</a>' in page(operator)


def test_a_key_of_ones_own_is_tested_or_replaced_where_the_button_says_so(operator: Staff) -> None:
    key = make_key(owner=operator, is_service=False)
    ApiKey.objects.filter(pk=key.pk).update(state="not_tested")
    assert onboarding(operator).steps[0].post == reverse("key_test", args=[key.pk])
    ApiKey.objects.filter(pk=key.pk).update(state="refused")
    assert onboarding(operator).steps[0].href == reverse("key_replace", args=[key.pk])


def test_an_auditor_has_the_service_key(auditor: Staff) -> None:
    make_key()
    assert ticked(auditor) == TITLES[:1]


def test_what_the_demo_made_is_nobodys_progress(operator: Staff) -> None:
    for record in (one for group in GROUPS for one in ensure(group)):
        type(record).objects.filter(pk=record.pk).update(remote_id=record.pk)
    now = onboarding(operator)
    assert not [step.title for step in now.steps if step.done]
    assert now.steps[1].act == "Add an enterprise"
    assert "those that came with the demo don't" in page(operator)


def test_each_step_is_ticked_by_what_is_there(operator: Staff, north: Enterprise, ed: Patient) -> None:
    make_key(owner=operator)
    assert ticked(operator) == TITLES[:1]
    Enterprise.objects.filter(pk=north.pk).update(remote_id=1)
    assert ticked(operator) == TITLES[:2]
    practice = Practice.objects.create(enterprise=north, name="Main", remote_id=2)
    assert ticked(operator) == TITLES[:2], "a practice without a doctor is half a step"
    Doctor.objects.create(enterprise=north, first_name="Helen", last_name="Okafor", remote_id=3)
    assert ticked(operator) == TITLES[:3]
    Patient.objects.filter(pk=ed.pk).update(remote_id=4)
    assert ticked(operator) == TITLES[:4]
    Invoice.objects.create(
        enterprise=north, patient=ed, practice=practice, date_of_service=date(2026, 11, 2), remote_id=5
    )
    assert ticked(operator) == TITLES[:5]
    Endpoint.objects.create(registered_webhooks=["patient_updated"], remote_id=6)
    assert ticked(operator) == TITLES
    assert "all 6 steps are done" in page(operator)


def test_assigning_a_balance_opens_the_form_of_a_patient_who_is_there(operator: Staff, ed: Patient) -> None:
    listed = onboarding(operator).steps[4]
    assert (listed.act, listed.href) == ("Choose a patient", reverse("admin:records_patient_changelist"))
    assert "No patient is at Inbox Health yet" in listed.note
    Patient.objects.filter(pk=ed.pk).update(remote_id=4)
    assert onboarding(operator).steps[4].href == reverse("assign_balance", args=[ed.pk])
    south = Enterprise.objects.create(name="South")
    Practice.objects.create(enterprise=south, name="Main")
    ann = Patient.objects.create(enterprise=south, last_name="A", remote_id=5)
    step = onboarding(operator).steps[4]
    assert (step.act, step.href) == ("Assign a balance", reverse("assign_balance", args=[ann.pk]))
    form = signed_in(operator).get(step.href).content.decode()
    assert "Save and push" in form and "has no practice yet" not in form
    chapter = signed_in(operator).get(reverse("guide_chapter", args=["assigning-balances"]))
    assert ann.short_id in step.note and step.note in chapter.content.decode()


def test_a_step_that_is_undone_is_open_again(operator: Staff, north: Enterprise) -> None:
    Enterprise.objects.filter(pk=north.pk).update(remote_id=1)
    assert "Enterprise" in ticked(operator)
    Enterprise.objects.filter(pk=north.pk).update(remote_id=None)
    assert "Enterprise" not in ticked(operator)


def test_webhooks_are_for_whoever_may_register_them(operator: Staff, administrator: Staff) -> None:
    assert onboarding(operator).steps[-1].href == ""
    assert onboarding(administrator).steps[-1].href == reverse("endpoint_add")


def test_only_what_is_in_sight_counts(outsider: Staff, north: Enterprise) -> None:
    Enterprise.objects.filter(pk=north.pk).update(remote_id=1)
    assert "Enterprise" not in ticked(outsider)


def test_it_is_put_away_and_brought_back_by_each_person(operator: Staff) -> None:
    other = person("otis", "operator")
    client = signed_in(operator)
    client.post(reverse("checklist"), {"hide": "yes"})
    assert 'id="onboarding"' not in page(operator)
    assert "Show the onboarding checklist" in page(operator)
    assert 'id="onboarding"' in page(other)
    client.post(reverse("checklist"))
    assert 'id="onboarding"' in page(operator)
    said = Entry.objects.filter(actor="user:olivia", action__startswith="checklist").order_by("pk")
    assert list(said.values_list("action", flat=True)) == ["checklist_hidden", "checklist_shown"]


def test_a_look_puts_nothing_away(operator: Staff) -> None:
    assert signed_in(operator).get(reverse("checklist")).status_code == 405
