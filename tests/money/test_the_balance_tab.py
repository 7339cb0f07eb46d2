"""The Balance tab beside a real sandbox: agreement, what is not sent, what was changed there."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from partnerportal.records.billing import Charge
from partnerportal.records.models import Patient
from tests.cast import Stage
from tests.console.cast import signed_in
from tests.money.accounts import billed_patient, push, visit


def tab(client: Client, patient: Patient) -> str:
    answer = client.get(f"/records/patient/{patient.pk}/balance/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_after_a_push_both_sides_agree_to_the_cent(stage: Stage) -> None:
    patient = billed_patient()
    invoice = visit(patient, Charge("Office visit", 10_000, covered=1_000))
    push(stage, invoice)
    page = tab(signed_in(stage.operator), patient)
    assert "Inbox Health agrees: $90.00." in page
    assert page.count("$90.00</td>") >= 6  # three lines, two sides
    assert 'class="sub differs"' not in page


def test_what_is_not_sent_is_the_first_cause_and_the_line_is_named(stage: Stage) -> None:
    patient = billed_patient()
    push(stage, visit(patient, Charge("Office visit", 9_000)))
    visit(patient, Charge("X-ray", 5_000))
    page = tab(signed_in(stage.operator), patient)
    assert "$50.00 apart: $140.00 here, $90.00 there." in page
    assert "2 things not sent yet." in page
    assert "First line that differs: Open invoices." in page


def test_what_was_changed_there_stands_on_a_line_of_its_own(stage: Stage) -> None:
    patient = billed_patient()
    push(stage, visit(patient, Charge("Office visit", 9_000)))
    read = timezone.now() + timedelta(seconds=1)
    Patient.objects.filter(pk=patient.pk).update(
        balance_there_cents=11_000, balance_gap_cents=2_000, balance_read_at=read
    )
    page = tab(signed_in(stage.operator), patient)
    assert "Not known here" in page
    assert "$20.00 more is owed there than comes of what was sent from here" in page
