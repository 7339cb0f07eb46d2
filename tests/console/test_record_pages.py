"""The page of a record: its state, where it differs there, what is masked, what its buttons do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.models import Entry
from partnerportal.console import both_sides
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Enterprise, Patient
from partnerportal.records.state import SyncState
from tests.console.cast import signed_in


def accepted(record: Any, remote_id: int, **there: str) -> Any:
    """The record as if Inbox Health had accepted it; `there`: what it holds otherwise by now."""
    sent = record.wire.create_payload(record)
    record.remote_id, record.remote = remote_id, {**sent, **there}
    record.acknowledged = record.wire.acknowledge({}, sent, sent, created=True)
    record.save()
    return record


@pytest.fixture
def key(db: None) -> ApiKey:
    return ApiKey.objects.create(key="k", fingerprint="3f9a…c2", state="working", is_service=True)


def page(staff: Staff, record: Any, part: str = "change") -> str:
    address = reverse(f"admin:records_{record.noun}_{part}", args=[record.pk])
    return signed_in(staff).get(address).content.decode()


def test_titles_and_addresses_name_nobody(operator: Staff, ed: Patient) -> None:
    html = page(operator, ed)
    title = html[html.index("<title>") : html.index("</title>")]
    assert f"Patient P-{ed.pk}" in title
    assert "Edison" not in title


def test_the_panel_shows_only_rows_that_differ(operator: Staff, ed: Patient) -> None:
    accepted(ed, 669, city="Chicopee")
    ed.cell_phone = "4135550199"
    ed.save()
    rows = {
        row.label: (row.ours, row.acknowledged, row.there, row.side)
        for row in both_sides.differences(ed, operator)
    }
    assert rows == {
        "Cell phone": ("(413) 555-0199", "(203) 555-0101", "(203) 555-0101", "here"),
        "City": ("—", "—", "Chicopee", "there"),
    }


def test_the_same_value_in_another_spelling_is_no_difference(operator: Staff, ed: Patient) -> None:
    accepted(ed, 669, cell_phone="(203) 555-0101")
    assert both_sides.differences(ed, operator) == []


def test_an_auditor_sees_birth_date_contact_and_ssn_masked(
    auditor: Staff, operator: Staff, ed: Patient
) -> None:
    ed.ssn, ed.email = "801-31-3292", "ed@example.com"
    accepted(ed, 669, cell_phone="4135550142")
    masked = page(auditor, ed)
    for secret in ("555-0101", "555-0142", "10/07/1987", "ed@example.com", "801"):
        assert secret not in masked
    for sign in ("••/••/1987", "(203) •••-••01", "•••-••-3292"):
        assert sign in masked
    clear = page(operator, ed)
    assert "(203) 555-0101" in clear
    assert "801" not in clear


def test_revealing_an_ssn_is_a_post_and_an_entry(operator: Staff, ed: Patient) -> None:
    ed.ssn = "801313292"
    ed.save()
    client, address = signed_in(operator), reverse("admin:records_patient_reveal", args=[ed.pk])
    assert client.get(address).status_code == 405
    answer = client.post(address)
    assert answer.content.decode() == "801-31-3292"
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.get(action="ssn_revealed")
    assert (entry.actor, entry.patient) == ("user:olivia", ed.pk)


def test_a_search_by_ssn_leads_to_its_patient_and_is_an_entry_without_the_number(
    operator: Staff, ed: Patient
) -> None:
    ed.ssn = "801-31-3292"
    ed.save()
    answer = signed_in(operator).post(reverse("admin:records_patient_by_ssn"), {"ssn": "801 31 3292"})
    assert answer["Location"] == reverse("admin:records_patient_change", args=[ed.pk])
    assert Entry.objects.filter(action="patients_searched_by_ssn").count() == 1


@pytest.mark.parametrize(
    ("state", "button"),
    [
        ("new", "Push…"),
        ("changed", "Push 1 change…"),
        ("not valid", "Fix"),
        ("failed", "Fix"),
        ("undecided", "Decide…"),
    ],
)
def test_the_primary_button_follows_the_state(
    operator: Staff, ed: Patient, key: ApiKey, state: str, button: str
) -> None:
    if state in ("changed",):
        accepted(ed, 669)
        ed.city = "Holyoke"
    if state == "not valid":
        ed.zip = "1"
    if state in ("failed", "undecided"):
        delivery(ed, key, state)
    ed.save()
    html = page(operator, ed)
    top = html[html.index("top-right") : html.index("</header>")]
    assert f"{button}</" in top
    assert top.count("btn-primary") == 1


def delivery(record: Any, key: ApiKey, state: str) -> Delivery:
    failed = state == "failed"
    record.delivery_state = state
    return Delivery.objects.create(
        noun=record.noun,
        record_id=record.pk,
        enterprise_id=record.enterprise_pk,
        lane="interactive",
        key=key,
        actor="user:olivia",
        origin="console",
        correlation_id="c",
        state="failed" if failed else "unknown",
        cause_key="validation:zip" if failed else "",
        detail={"errors": {"zip": ["is invalid"]}} if failed else None,
    )


def test_what_inbox_health_refused_stands_at_its_field(operator: Staff, ed: Patient, key: ApiKey) -> None:
    delivery(ed, key, "failed")
    ed.save()
    assert "Inbox Health refused it: is invalid." in page(operator, ed, "edit")


def test_worth_knowing_names_the_twin_and_the_unreachable(operator: Staff, ed: Patient) -> None:
    twin = Patient.objects.create(
        enterprise=ed.enterprise, first_name="ED", last_name="edison", date_of_birth=date(1987, 10, 7)
    )
    html = page(operator, twin)
    assert f"Looks like P-{ed.pk}" in html
    assert "No phone, no e-mail and no ZIP" in html


def test_link_asks_for_the_record_there(operator: Staff, ed: Patient, key: ApiKey) -> None:
    address = reverse("admin:records_patient_link", args=[ed.pk])
    client = signed_in(operator)
    assert "An id is a number" in client.post(address, {"remote_id": "abc"}).content.decode()
    client.post(address, {"remote_id": "IH 669"})
    asked = Delivery.objects.get()
    assert (asked.kind, asked.target, asked.record_id) == ("link", 669, ed.pk)


def test_a_sent_patient_is_marked_removed_there_and_kept_here(
    operator: Staff, ed: Patient, key: ApiKey
) -> None:
    accepted(ed, 669)
    signed_in(operator).post(reverse("admin:records_patient_remove", args=[ed.pk]))
    ed.refresh_from_db()
    assert ed.removed
    assert ed.dirty == ["removed"]
    assert Delivery.objects.get().record_id == ed.pk
    assert Entry.objects.filter(action="patient_marked_removed").exists()


def test_without_a_key_nothing_is_marked_removed(operator: Staff, ed: Patient) -> None:
    accepted(ed, 669)
    answer = signed_in(operator).post(reverse("admin:records_patient_remove", args=[ed.pk]))
    assert "There is no API key to send with" in answer.content.decode()
    ed.refresh_from_db()
    assert not ed.removed


def test_only_what_was_never_sent_is_deleted(operator: Staff, ed: Patient) -> None:
    client, address = signed_in(operator), reverse("admin:records_patient_delete", args=[ed.pk])
    client.get(address)
    assert Patient.objects.filter(pk=ed.pk).exists()
    accepted(ed, 669)
    assert "can&#x27;t be deleted here alone" in client.post(address).content.decode()
    Patient.objects.filter(pk=ed.pk).update(remote_id=None)
    client.post(address)
    assert not Patient.objects.filter(pk=ed.pk).exists()
    assert Entry.objects.get(action="patient_deleted").record == f"patient:P-{ed.pk}"


def test_an_enterprise_with_records_is_not_deleted(operator: Staff, ed: Patient) -> None:
    address = reverse("admin:records_enterprise_delete", args=[ed.enterprise_id])
    assert "Other records belong to it" in signed_in(operator).post(address).content.decode()
    assert Enterprise.objects.filter(pk=ed.enterprise_id).exists()


def test_every_state_has_a_word_an_icon_and_a_page(operator: Staff, ed: Patient) -> None:
    for state in SyncState:
        Patient.objects.filter(pk=ed.pk).update(sync_state=state, not_valid=[["zip", "“1” is no ZIP."]])
        assert "pill-" in page(operator, ed)


@pytest.mark.parametrize("tab", ["practices", "doctors", "patients", "story"])
def test_every_tab_of_an_enterprise_opens(operator: Staff, ed: Patient, tab: str) -> None:
    html = page(operator, ed.enterprise, tab)
    assert "North Clinic" in html
