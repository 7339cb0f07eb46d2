"""Events on their pages: in one's own sight, filtered, masked, replayed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.records.models import Endpoint, Enterprise, Patient
from partnerportal.webhooks.models import Event, Refusal
from tests.console.cast import administrator, auditor, ed, north, operator, outsider, signed_in, south

__all__ = ["administrator", "auditor", "ed", "north", "operator", "outsider", "south"]


@pytest.fixture
def endpoint(db: None) -> Endpoint:
    row = Endpoint(registered_webhooks=["patient_updated"], remote_id=141_001)
    row.save()
    return row


def event(endpoint: Endpoint, number: int, **values: Any) -> Event:
    subject = {"id": 669, "date_of_birth": "1987-10-07", "ssn": "801-31-3292", "object": "patient"}
    defaults = {
        "event_key": str(number), "event_type": "patient_updated", "noun": "patient", "object_id": 669,
        "body": json.dumps({"id": number, "event_data": {"object": subject}}), "signed_by": "abc",
        "state": "applied", "livemode": False,
    }  # fmt: skip
    return Event.objects.create(endpoint=endpoint, **{**defaults, **values})


@pytest.fixture
def of_ed(endpoint: Endpoint, ed: Patient) -> Event:
    return event(
        endpoint, 1, record_id=ed.pk, patient_id=ed.pk, enterprise_id=ed.enterprise_id,
        settled_at=timezone.now(),
        changes={"cell_phone": {"was": "2035550101", "now": "2035550199"}, "ssn": {}},
    )  # fmt: skip


def page(staff: Staff, path: str, status: int = 200) -> str:
    answer = signed_in(staff).get(path)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_one_sees_the_events_of_ones_own_enterprises(
    outsider: Staff, operator: Staff, of_ed: Event, endpoint: Endpoint, north: Enterprise
) -> None:
    nobodys = event(endpoint, 2)
    assert of_ed.short_id not in page(outsider, "/events/")
    assert page(outsider, f"/events/{of_ed.pk}/", 404)
    outsider.scope.create(enterprise=north)
    shown = page(outsider, "/events/")
    assert of_ed.short_id in shown
    assert nobodys.short_id not in shown
    assert nobodys.short_id in page(operator, "/events/")


def test_views_and_filters_narrow(operator: Staff, of_ed: Event, endpoint: Endpoint, ed: Patient) -> None:
    broken = event(
        endpoint,
        2,
        event_type="payment_created",
        noun="payment",
        state="failed",
        needs_person_since=timezone.now(),
    )
    for query, wanted in {
        "": {of_ed, broken},
        "?tab=needs-you": {broken},
        "?tab=applied": {of_ed},
        "?event_type=payment_created": {broken},
        f"?record={ed.short_id}": {of_ed},
        "?state=failed": {broken},
        f"?endpoint={endpoint.pk}": {of_ed, broken},
    }.items():
        shown = page(operator, f"/events/{query}")
        assert {one for one in (of_ed, broken) if f"/events/{one.pk}/" in shown} == wanted, query


def test_refused_calls_are_a_number(operator: Staff, endpoint: Endpoint) -> None:
    Refusal.objects.create(endpoint=endpoint, hour=timezone.now(), number=14)
    assert "14 unsigned calls today" in page(operator, "/events/")


def test_its_page_shows_what_changed_and_masks_the_body(
    operator: Staff, auditor: Staff, of_ed: Event
) -> None:
    shown = page(operator, f"/events/{of_ed.pk}/")
    assert "2035550199" in shown
    assert "801-31-3292" not in shown
    assert "•••" in shown
    strange = page(auditor, f"/events/{of_ed.pk}/")
    for hidden in ("2035550199", "1987-10-07", "801-31-3292"):
        assert hidden not in strange


def test_one_the_selected_and_all_that_match_are_replayed(
    operator: Staff, of_ed: Event, endpoint: Endpoint
) -> None:
    broken = [
        event(endpoint, number, state="failed", needs_person_since=timezone.now()) for number in (2, 3, 4)
    ]
    client = signed_in(operator)
    client.post(f"/events/{broken[0].pk}/replay/")
    client.post("/events/replay/", {"scope": "selected", "ids": [broken[1].pk]})
    assert set(Event.objects.filter(state="waiting")) == set(broken[:2])
    everything = {"scope": "all", "tab": "needs-you"}
    asked = client.post("/events/replay/", everything).content.decode()
    assert "Replay 1 event" in asked
    assert Event.objects.filter(state="waiting").count() == 2
    client.post("/events/replay/", {**everything, "sure": "1"})
    assert set(Event.objects.filter(state="waiting")) == set(broken)
    assert Event.objects.get(pk=of_ed.pk).state == "applied"
    assert Entry.objects.filter(action="events_replayed").count() == 3


def test_replaying_reaches_no_further_than_ones_sight_and_role(
    outsider: Staff, auditor: Staff, of_ed: Event
) -> None:
    signed_in(outsider).post("/events/replay/", {"scope": "all", "sure": "1"})
    signed_in(outsider).post("/events/replay/", {"scope": "selected", "ids": [of_ed.pk, "x"]})
    assert signed_in(outsider).post(f"/events/{of_ed.pk}/replay/").status_code == 404
    assert signed_in(auditor).post(f"/events/{of_ed.pk}/replay/").status_code == 403
    assert Event.objects.get().state == "applied"


def test_a_failed_event_stands_on_needs_you(operator: Staff, of_ed: Event) -> None:
    Event.objects.update(state="failed", needs_person_since=timezone.now())
    assert "Events from Inbox Health could not be applied" in page(operator, "/needs/")


def test_the_empty_page_says_what_to_do(administrator: Staff, operator: Staff) -> None:
    assert "Register an endpoint" in page(administrator, "/events/")
    assert "no endpoint is registered" in page(operator, "/events/")
