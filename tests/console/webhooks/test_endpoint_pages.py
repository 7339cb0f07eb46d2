"""Endpoints on their pages: registered, changed, paused, unregistered by administrators, seen by all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.console import formats
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Endpoint
from tests.cast import make_key
from tests.console.cast import administrator, auditor, operator, signed_in
from tests.webhooks.late import late_event
from tests.webhooks.post import TYPES

__all__ = ["administrator", "auditor", "operator"]


@pytest.fixture
def endpoint(db: None) -> Endpoint:
    row = Endpoint(registered_webhooks=TYPES, remote_id=141_001, remote={"registered_webhooks": TYPES})
    row.acknowledged = {
        "url": {"sent": row.address(), "answered": row.address()},
        "registered_webhooks": {"sent": TYPES, "answered": TYPES},
    }
    row.save()
    return row


def page(staff: Staff, path: str, status: int = 200) -> str:
    answer = signed_in(staff).get(path)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_registering_chooses_known_events_and_typed_ones(administrator: Staff) -> None:
    make_key()
    sent = {"ticked": ["patient_created"], "others": "moon_rose, sun_set"}
    answer = signed_in(administrator).post("/endpoints/add/", sent)
    made = Endpoint.objects.get()
    assert answer["Location"] == f"/endpoints/{made.pk}/"
    assert made.registered_webhooks == ["moon_rose", "patient_created", "sun_set"]
    assert len(made.token) == 43
    assert Delivery.objects.get(noun="endpoint").key.is_service
    assert Entry.objects.filter(action="endpoint_added", actor="user:ada").exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [({}, "Choose at least one event."), ({"others": "not a type!"}, "is no event. One that works")],
)
def test_what_can_not_be_registered_is_said_at_the_field(
    administrator: Staff, sent: dict[str, Any], said: str
) -> None:
    answer = signed_in(administrator).post("/endpoints/add/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_without_a_service_key_nothing_is_registered(administrator: Staff) -> None:
    answer = signed_in(administrator).post("/endpoints/add/", {"ticked": ["patient_created"]}, follow=True)
    assert "There is no service key" in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_its_page_tells_url_key_and_state(auditor: Staff, endpoint: Endpoint) -> None:
    shown = page(auditor, f"/endpoints/{endpoint.pk}/")
    for part in (endpoint.url, "IH 141001", "Active", "Not compared yet", "patient_created"):
        assert part in shown
    assert "Unregister" not in shown
    assert signed_in(auditor).get(f"/{endpoint.short_id}")["Location"] == f"/endpoints/{endpoint.pk}/"


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"paused": True}, "Paused"),
        ({"suspect_reason": "silent", "suspect_since": timezone.now()}, "Suspect"),
        ({"check_result": "cannot"}, "Cannot be checked"),
        ({"check_result": "unanswered"}, "Can&#x27;t tell"),
        ({"remote_id": None}, "Being registered"),
        ({"delivery_state": "failed"}, "Failed"),
    ],
)
def test_it_is_called_active_only_where_that_is_known(
    auditor: Staff, endpoint: Endpoint, values: dict[str, Any], word: str
) -> None:
    Endpoint.objects.update(**values)
    shown = page(auditor, "/endpoints/")
    assert word in shown
    assert "Active" not in shown


def test_changing_and_pausing_are_administrators_and_leave_entries(
    administrator: Staff, endpoint: Endpoint
) -> None:
    make_key()
    client = signed_in(administrator)
    client.post(f"/endpoints/{endpoint.pk}/change/", {"ticked": ["patient_created"]})
    assert client.get(f"/endpoints/{endpoint.pk}/pause/").status_code == 405
    client.post(f"/endpoints/{endpoint.pk}/pause/")
    endpoint.refresh_from_db()
    assert (endpoint.registered_webhooks, endpoint.paused) == (["patient_created"], True)
    client.post(f"/endpoints/{endpoint.pk}/resume/")
    found = set(Entry.objects.values_list("action", flat=True))
    assert {"endpoint_changed", "endpoint_paused", "endpoint_resumed"} <= found


def test_unregistering_asks_first_and_then_deletes_there(administrator: Staff, endpoint: Endpoint) -> None:
    make_key()
    path = f"/endpoints/{endpoint.pk}/unregister/"
    assert "learns of changes by pull only" in page(administrator, path)
    signed_in(administrator).post(path)
    endpoint.refresh_from_db()
    assert endpoint.removed
    assert Delivery.objects.get(noun="endpoint").kind == "remove"


@pytest.mark.parametrize("act", ["change", "pause", "resume", "check", "unregister"])
def test_an_operator_changes_nothing(operator: Staff, endpoint: Endpoint, act: str) -> None:
    assert signed_in(operator).post(f"/endpoints/{endpoint.pk}/{act}/").status_code == 403
    assert signed_in(operator).get("/endpoints/add/").status_code == 403


def test_a_suspect_channel_stands_on_needs_you_and_account_settings(
    operator: Staff, endpoint: Endpoint
) -> None:
    Endpoint.objects.update(suspect_reason="silent", suspect_since=timezone.now())
    assert "Webhooks may not arrive" in page(operator, "/needs/")
    assert "Webhooks may not arrive" in page(operator, "/account/")


def test_before_a_key_goes_it_is_said_what_it_signs(administrator: Staff, endpoint: Endpoint) -> None:
    key = make_key()
    Delivery.objects.create(
        noun="endpoint", record_id=endpoint.pk, key=key, lane="interactive", state="delivered",
        actor="schedule", origin="schedule", correlation_id="c",
    )  # fmt: skip
    assert "is signed with it (EP-" in " ".join(page(administrator, f"/keys/{key.pk}/revoke/").split())
    assert "It signs the events of EP-" in page(administrator, f"/keys/{key.pk}/replace/")


def test_choosing_all_ticks_every_event_and_registers_nothing_yet(administrator: Staff) -> None:
    answer = signed_in(administrator).post("/endpoints/add/", {"all": "1", "others": "moon_rose"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "moon_rose" in text
    assert text.count('name="ticked"') == text.count(" checked>") > 5
    assert not Endpoint.objects.exists()


def test_the_page_looks_again_while_it_is_registered_or_compared(
    administrator: Staff, endpoint: Endpoint
) -> None:
    client, path = signed_in(administrator), f"/endpoints/{endpoint.pk}/"
    asked = client.post(f"{path}check/")["Location"]
    assert 'data-open="yes"' in client.get(asked, headers={"X-Portal-Poll": "1"}).content.decode()
    Endpoint.objects.update(checked_at=timezone.now(), check_result="same")
    text = client.get(asked, headers={"X-Portal-Poll": "1"}).content.decode()
    assert 'data-open="no"' in text and "Registered there as it is here" in text and "<html" not in text


def test_its_page_tells_what_came_late_from_what_has_not_come(operator: Staff, endpoint: Endpoint) -> None:
    pushed = timezone.now() - timedelta(hours=3)
    late_event(endpoint, pushed, pushed + timedelta(minutes=15))
    late_event(endpoint, pushed, pushed + timedelta(seconds=45))
    late_event(endpoint, pushed - timedelta(minutes=1))
    with timezone.override("UTC"):
        at, came = formats.instant(pushed), formats.instant(pushed + timedelta(minutes=15))
        before = formats.instant(pushed - timedelta(minutes=1))
    Staff.objects.filter(pk=operator.pk).update(time_zone="UTC")
    shown = page(operator, f"/endpoints/{endpoint.pk}/")
    assert f"The event for the push at {at} came at {came}, 15 min late." in shown
    assert "45 s late." in shown
    assert f"The event for the push at {before} has not come." in shown
    assert "2 events came late, and 1 event has not come" in shown
    Endpoint.objects.update(suspect_reason="silent", suspect_since=timezone.now())
    needs = page(operator, "/needs/")
    assert f"Webhooks may not arrive: The event for the push at {before} has not come." in needs
