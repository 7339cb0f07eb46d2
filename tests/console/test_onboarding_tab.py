"""Onboarding: steps are ticked by what is, each has its button, and the list says how far each one is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.records import onboarding
from partnerportal.records.billing import Charge, Visit, assign_balance
from partnerportal.records.models import Doctor, Enterprise, OnboardingNote, Patient, Practice
from tests.console.cast import signed_in


def how_far(enterprise: Enterprise) -> str:
    row = onboarding.measured(Enterprise.objects.filter(pk=enterprise.pk)).get()
    return onboarding.summary(onboarding.steps(row))


def done(enterprise: Enterprise) -> set[str]:
    row = onboarding.measured(Enterprise.objects.filter(pk=enterprise.pk)).get()
    return {step.key for step in onboarding.steps(row) if step.done}


def tab(staff: Staff, enterprise: Enterprise) -> str:
    address = reverse("admin:records_enterprise_onboarding", args=[enterprise.pk])
    return signed_in(staff).get(address).content.decode()


def act(staff: Staff, enterprise: Enterprise, part: str, **said: str) -> Any:
    address = reverse(f"admin:records_enterprise_onboarding_{part}", args=[enterprise.pk])
    return signed_in(staff).post(address, said)


def sent(record: Any, remote_id: int) -> None:
    type(record).objects.filter(pk=record.pk).update(remote_id=remote_id)


def test_steps_follow_what_is(operator: Staff, north: Enterprise) -> None:
    assert how_far(north) == "1 of 8 done. Next: Sent to Inbox Health"
    sent(north, 1)
    assert how_far(north) == "2 of 8 done. Next: Practices"
    practice = Practice.objects.create(enterprise=north, name="Main")
    doctor = Doctor.objects.create(enterprise=north, first_name="A", last_name="B")
    sent(practice, 2)
    assert how_far(north) == "3 of 8 done. Next: Doctors"
    sent(doctor, 3)
    ed = Patient.objects.create(enterprise=north, first_name="E", last_name="F")
    sue = Patient.objects.create(enterprise=north, first_name="S", last_name="F")
    sent(ed, 4)
    act(operator, north, "check")
    assert how_far(north) == "5 of 8 done. Next: All patients"
    sent(sue, 5)
    assert how_far(north) == "6 of 8 done. Next: Opening balances"
    act(operator, north, "check", undo="1")
    assert how_far(north) == "5 of 8 done. Next: First 5 patients checked there"


def test_balances_are_done_when_all_invoices_are_there_and_what_was_read_agrees(
    operator: Staff, ed: Patient
) -> None:
    north = ed.enterprise
    office = Practice.objects.create(enterprise=north, name="Main")
    assert "Import charges or balances" in tab(operator, north)
    day = date(2026, 11, 2)
    invoice = assign_balance(ed, Visit(practice=office, date_of_service=day, lines=[Charge("Visit", 9_000)]))
    assert "Push all invoices…" in tab(operator, north)
    sent(invoice, 5)
    assert done(north) >= {"opening"}
    Patient.objects.filter(pk=ed.pk).update(balance_gap_cents=100)
    assert "See what differs" in tab(operator, north)
    Patient.objects.filter(pk=ed.pk).update(balance_gap_cents=0)
    assert done(north) >= {"opening", "agree"}


def test_nobody_has_checked_what_is_not_there(operator: Staff, ed: Patient) -> None:
    act(operator, ed.enterprise, "check")
    assert not Entry.objects.filter(action="first_patients_checked").exists()


def test_the_next_step_has_its_button(operator: Staff, north: Enterprise) -> None:
    assert "Push enterprise…" in tab(operator, north)
    sent(north, 1)
    html = tab(operator, north)
    for label in ("Add a practice", "Add a doctor", "Import patients"):
        assert label in html
    Patient.objects.create(enterprise=north, first_name="E", last_name="F")
    html = tab(operator, north)
    assert "Push 1 first…" in html
    assert "Push all patients…" in html


def test_the_list_says_how_far_each_is_with_few_queries(
    operator: Staff, north: Enterprise, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        Enterprise.objects.create(name=f"Clinic {number}")
    client = signed_in(operator)
    client.get(reverse("admin:records_enterprise_changelist"))
    with django_assert_max_num_queries(30):
        html = client.get(reverse("admin:records_enterprise_changelist")).content.decode()
    assert html.count("1 of 8 done. Next: Sent to Inbox Health") == 21


def test_notes_are_added_never_changed_and_name_their_writer(
    operator: Staff, administrator: Staff, north: Enterprise
) -> None:
    act(operator, north, "note", text="Waits for the lawyer.")
    act(operator, north, "note", text="  ")
    assert OnboardingNote.objects.count() == 1
    html = tab(operator, north)
    assert "Waits for the lawyer." in html
    assert "olivia" in html


def test_only_who_sees_the_enterprise_can_be_on_it(
    operator: Staff, outsider: Staff, north: Enterprise
) -> None:
    act(operator, north, "assign", owner=str(outsider.pk))
    assert north.onboarding.owner is None
    act(operator, north, "assign", owner=str(operator.pk))
    north.onboarding.refresh_from_db()
    assert north.onboarding.owner == operator


def test_an_auditor_reads_and_an_outsider_sees_nothing(
    auditor: Staff, outsider: Staff, north: Enterprise
) -> None:
    html = tab(auditor, north)
    assert "Add note" not in html
    assert "Push enterprise" not in html
    assert act(auditor, north, "note", text="x").status_code == 403
    address = reverse("admin:records_enterprise_onboarding", args=[north.pk])
    assert signed_in(outsider).get(address).status_code == 404


def test_what_was_passed_over_or_holds_nothing_is_no_tick(operator: Staff, ed: Patient) -> None:
    sent(ed, 4)
    row = onboarding.measured(Enterprise.objects.filter(pk=ed.enterprise_id)).get()
    states = {step.key: step.state for step in onboarding.steps(row)}
    assert (states["patients"], states["first"], states["opening"]) == ("done", "passed", "nothing")
    assert "passed over" in tab(operator, ed.enterprise) and "nothing so far" in tab(operator, ed.enterprise)
