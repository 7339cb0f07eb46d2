"""The Balance tab: both sides line by line, the verdict, the first line that differs and its likely cause."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.records.billing import Charge, Taken, Visit, assign_balance
from partnerportal.records.models import Invoice, Patient, Practice
from tests.cast import make_key
from tests.console.cast import signed_in


@pytest.fixture
def client(operator: Any) -> Client:
    return signed_in(operator)


def tab(client: Client, patient: Patient) -> str:
    answer = client.get(f"/records/patient/{patient.pk}/balance/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def bill(ed: Patient, *lines: Charge, **more: Any) -> Invoice:
    office, _ = Practice.objects.get_or_create(enterprise=ed.enterprise, name="Main office")
    return assign_balance(ed, Visit(practice=office, date_of_service=date(2026, 11, 2), lines=lines, **more))


def test_without_any_money_it_says_what_to_do(client: Client, ed: Patient) -> None:
    page = tab(client, ed)
    assert "None yet. Assign a balance to bill a visit." in page
    assert f"/records/patient/{ed.pk}/assign/" in page
    assert "Not compared" in page


def test_ours_is_shown_line_by_line_and_what_waits_is_not_counted(client: Client, ed: Patient) -> None:
    bill(ed, Charge("Office visit", 10_000, covered=1_000), taken=[Taken(2_500, "cash", apply=False)])
    bill(ed, Charge("Surgery", 140_000, insurance_owed=60_000))
    page = tab(client, ed)
    for said in ("$90.00", "−$25.00", "$600.00", "Wait for insurance, not counted", "$65.00"):
        assert said in page
    assert "Owes $65.00" in page


def test_compare_now_asks_in_the_interactive_lane_and_is_written_down(client: Client, ed: Patient) -> None:
    make_key()
    address = f"/records/patient/{ed.pk}/balance/compare/"
    client.post(address)
    assert not Delivery.objects.exists()  # not there yet: nothing to compare with
    Patient.objects.filter(pk=ed.pk).update(remote_id=669)
    client.post(address)
    asked = Delivery.objects.get()
    assert (asked.kind, asked.lane, asked.record_id) == (Delivery.Kind.COMPARE, "interactive", ed.pk)
    assert Entry.objects.filter(action="balance_compared", patient=ed.pk).count() == 1
    assert client.get(address).status_code == 405
    assert "data-busy" in tab(client, ed)


def test_all_that_is_not_sent_is_pushed_with_one_button(client: Client, ed: Patient) -> None:
    make_key()
    bill(ed, Charge("Office visit", 10_000), taken=[Taken(2_500, "cash")])
    assert "Push 2 records not sent" in tab(client, ed)  # a line and what is applied go along
    client.post(f"/records/patient/{ed.pk}/balance/push/")
    assert set(Delivery.objects.values_list("noun", flat=True)) >= {"invoice", "payment"}
    assert "not sent</button>" not in tab(client, ed)


def test_an_auditor_sees_the_figures_and_no_button(auditor: Any, outsider: Any, ed: Patient) -> None:
    bill(ed, Charge("Office visit", 9_000))
    page = tab(signed_in(auditor), ed)
    assert "$90.00" in page
    for word in ("Assign a balance</a>", "Record a payment", "Write off", "Compare now", "Push 1"):
        assert word not in page
    assert signed_in(outsider).get(f"/records/patient/{ed.pk}/balance/").status_code == 404
    assert signed_in(auditor).post(f"/records/patient/{ed.pk}/balance/compare/").status_code == 403


def test_the_list_and_the_band_show_what_is_owed(client: Client, ed: Patient) -> None:
    bill(ed, Charge("Office visit", 9_000))
    Patient.objects.filter(pk=ed.pk).update(balance_there_cents=0, balance_gap_cents=9_000)
    page = client.get("/records/patient/").content.decode()
    assert "$90.00" in page
    assert "Differs" in page
    assert "Owes $90.00" in client.get(f"/records/patient/{ed.pk}/change/").content.decode()
