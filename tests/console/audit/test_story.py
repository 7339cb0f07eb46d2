"""The story of a record: edits, pushes, exchanges and what people did, newest first, by day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pghistory
import pytest
from django.db import transaction
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.console import audit_words
from partnerportal.console import story as story_module
from partnerportal.console.story import story_for
from partnerportal.delivery.models import Delivery
from partnerportal.records import apply, merging
from partnerportal.records.because import because
from partnerportal.records.models import Patient
from tests.audit import rows


def change(patient: Patient, staff: Staff, **fields: str) -> None:
    with pghistory.context(user=staff.pk):
        for name, value in fields.items():
            setattr(patient, name, value)
        patient.save()


def test_an_edit_says_what_was_and_is_by_label_and_by_whom(ed: Patient, operator: Staff) -> None:
    change(ed, operator, city="Boston")
    edit = story_for(ed, operator).items[0]
    assert (edit.kind, edit.sentence, edit.who) == ("edit", "Changed: city", "olivia")
    assert [(c.label, c.was, c.now) for c in edit.changes] == [("City", "empty", "Boston")]


def test_an_ssn_only_says_that_it_changed(ed: Patient, operator: Staff) -> None:
    change(ed, operator, ssn="801-31-3292")
    (changed,) = story_for(ed, operator).items[0].changes
    assert (changed.label, changed.was, changed.now, changed.values) == ("SSN", "", "", False)


def test_contact_is_masked_for_who_may_not_reveal_it(ed: Patient, operator: Staff, auditor: Staff) -> None:
    change(ed, operator, cell_phone="(203) 555-0199")
    assert story_for(ed, operator).items[0].changes[0].now == "(203) 555-0199"
    assert story_for(ed, auditor).items[0].changes[0].now == "(203) •••-••99"
    assert story_for(ed).items[0].changes[0].now == "(203) •••-••99"


def test_all_four_kinds_stand_in_one_line_newest_first(ed: Patient, operator: Staff) -> None:
    key = ApiKey.objects.create(key="k", fingerprint="3f9a…c2", is_service=True)
    about: dict[str, Any] = {"record": ed.record_name, "enterprise": ed.enterprise_id, "patient": ed.pk}
    pushed = Delivery.objects.create(
        noun="patient", record_id=ed.pk, enterprise=ed.enterprise, lane="interactive", key=key,
        actor="user:olivia", origin="console", correlation_id="c",
    )  # fmt: skip
    now = timezone.now()
    sent = rows.exchange({"patient": {}}, **about, started_at=now + timedelta(seconds=1))
    rows.answer(sent, {"patient": {"id": 669}})
    entries.write("patient_viewed", Context("user:auden", **about))
    found = story_for(ed, operator).items
    assert [item.at for item in found] == sorted((item.at for item in found), reverse=True)
    assert {item.kind for item in found} == {"edit", "delivery", "exchange", "entry"}
    by_kind = {item.kind: item for item in found}
    assert by_kind["delivery"].name == pushed.short_id
    assert (by_kind["exchange"].name, by_kind["exchange"].word) == (f"X-{sent.pk}", "Accepted")


def test_another_records_story_is_not_in_it(ed: Patient, operator: Staff) -> None:
    rows.exchange(record="patient:P-999999", patient=999999)
    assert [item.kind for item in story_for(ed, operator).items] == ["edit"]


def test_pages_of_it_hold_everything_once(
    ed: Patient, operator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_module, "SIZE", 4)
    now = timezone.now()
    made = [
        rows.exchange(record=ed.record_name, patient=ed.pk, started_at=now - timedelta(seconds=n // 2)).pk
        for n in range(11)
    ]
    names, query = [], QueryDict()
    while True:
        page = story_for(ed, operator, query)
        names += [item.name for item in page.items if item.kind == "exchange"]
        if not page.older:
            break
        query = QueryDict(page.older[1:])
    assert sorted(names) == sorted(f"X-{pk}" for pk in made)


def test_it_jumps_to_a_day(ed: Patient, operator: Staff) -> None:
    before = timezone.now() - timedelta(days=3)
    old = rows.exchange(record=ed.record_name, patient=ed.pk, started_at=before)
    page = story_for(ed, operator, QueryDict(f"day={timezone.localdate(before)}"))
    assert [item.name for item in page.items] == [f"X-{old.pk}"]


@pytest.mark.parametrize("asked", ["until=x", "until=2026-01-01", "until=2026-99-99T00:00:00Z"])
def test_a_place_that_makes_no_sense_is_the_newest_page(ed: Patient, operator: Staff, asked: str) -> None:
    assert len(story_for(ed, operator, QueryDict(asked)).items) == 1


@pytest.mark.parametrize("asked", ["day=never", "day=2026-99-99", "day=9999-12-31"])
def test_a_day_that_is_none_says_so_and_shows_nothing(ed: Patient, operator: Staff, asked: str) -> None:
    story = story_for(ed, operator, QueryDict(asked))
    assert story.error and not story.items


def test_the_page_part_groups_by_day_and_labels_was_and_now(ed: Patient, operator: Staff) -> None:
    change(ed, operator, city="Boston")
    request = RequestFactory().get("/records/patient/1/story/")
    shown = render_to_string("audit/story.html", {"story": story_for(ed, operator), "request": request})
    assert shown.count('class="story-day"') == 1
    assert "was" in shown and "Boston" in shown


def test_what_an_event_or_a_pull_brought_names_it(ed: Patient, operator: Staff) -> None:
    with because(Context(cause="event:EV-1")):
        ed.city = "Boston"
        ed.save()
    entries.write("patient_merged", Context("user:olivia", record=ed.record_name, cause="job:J-3"))
    merged, edit = story_for(ed, operator).items[:2]
    assert (edit.who, edit.cause) == ("webhook", "EV-1")
    assert (merged.who, merged.cause) == ("olivia, by the pull", "J-3")


def test_a_decision_tells_its_why(ed: Patient, operator: Staff) -> None:
    about = Context("user:olivia", record=ed.record_name)
    entries.write("patient_conflict_decided", about, {"reason": "They moved.", "decided": {}})
    assert story_for(ed, operator).items[0].why == "They moved."


def test_the_apis_nouns_and_lists_stand_in_words(ed: Patient) -> None:
    applied = rows.exchange(operation="invoice_payments.create", record="invoice_payment:IP-1")
    lines = rows.exchange(operation="invoices.line_items", record="invoice:I-3", method="GET")
    assert audit_words.verdict(applied, None).startswith("Asked to create applied payment IP-1")
    assert audit_words.verdict(lines, rows.answer(lines)).startswith("Listed the line items of invoice I-3")


def test_an_open_conflict_is_in_the_story_with_the_way_to_decide_it(ed: Patient, operator: Staff) -> None:
    before, after = "2026-11-24T10:00:00.000Z", "2026-11-24T10:00:05.000Z"
    sent = ed.wire.create_payload(ed)
    apply.accept(ed, sent, {**sent, "id": 669, "updated_at": before}, created=True)
    ed.city = "Boston"
    ed.save()
    with transaction.atomic():
        merging.take(ed, {**(ed.remote or {}), "city": "Salem", "updated_at": after})
    assert ed.conflicts == ["city"]
    (found,) = [item for item in story_for(ed, operator).items if "Conflict" in item.sentence]
    assert found.sentence == "Conflict: changed in this portal and at Inbox Health, City"
    assert (found.name, found.href) == ("Decide…", f"/differences/patient/{ed.pk}/")
