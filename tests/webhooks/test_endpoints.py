"""Endpoints against the sandbox: registered through the outbox, heard, changed, checked, removed."""

from __future__ import annotations

from django.test import Client

from integrations.inboxhealth.auth import Credential
from partnerportal.audit.context import Context
from partnerportal.audit.models import Entry, Exchange
from partnerportal.records.models import Patient
from partnerportal.webhooks import checking, endpoints
from partnerportal.webhooks.models import Event
from tests.cast import make_patient
from tests.sandbox_process import KEY
from tests.webhooks.scene import Channel, ada, channel, push

__all__ = ["ada", "channel"]


def test_it_is_registered_through_the_outbox_on_the_service_key(channel: Channel) -> None:
    (there,) = channel.registered()
    assert there["url"] == channel.endpoint.url
    assert there["registered_webhooks"] == channel.endpoint.registered_webhooks
    assert channel.endpoint.sync_state == "in_sync"
    exchange = Exchange.objects.get(operation="endpoints.create")
    assert exchange.credential_fingerprint == Credential(KEY).fingerprint
    assert Entry.objects.filter(action="endpoint_added", record=channel.endpoint.record_name).exists()


def test_a_change_there_arrives_by_itself(channel: Channel, ada: Patient) -> None:
    channel.change_there(ada, city="Holyoke")
    channel.heard(lambda: Patient.objects.get().city == "Holyoke")
    row = Event.objects.get(state="applied")
    assert row.changes == {"city": {"was": None, "now": "Holyoke"}}


def test_our_own_push_comes_back_and_changes_nothing(channel: Channel, ada: Patient) -> None:
    channel.heard(lambda: Event.objects.filter(event_type="patient_created", state="unchanged").exists())
    ada.refresh_from_db()
    assert ada.sync_state == "in_sync"


def test_an_event_that_is_faster_than_its_answer_waits_for_it(channel: Channel, ada: Patient) -> None:
    channel.stage.sandbox.fault(kind="event_faster_than_answer", operation="patient_created", count=1)
    eve = make_patient(ada.enterprise, first_name="Eve")
    push(channel.stage, eve)
    eve.refresh_from_db()
    channel.heard(lambda: not Event.objects.filter(state="waiting").exists())
    assert Event.objects.get(event_type="patient_created", object_id=eve.remote_id).state == "unchanged"


def test_other_events_are_sent_there(channel: Channel) -> None:
    endpoints.change(channel.stage.context, channel.endpoint, ["patient_created", "moon_rose"])
    channel.stage.run()
    assert sorted(channel.registered()[0]["registered_webhooks"]) == ["moon_rose", "patient_created"]


def test_unregistering_deletes_it_there_and_takes_nothing_any_more(channel: Channel) -> None:
    endpoints.unregister(channel.stage.context, channel.endpoint)
    channel.stage.run()
    assert channel.registered() == []
    answer = Client().post(f"/webhooks/{channel.endpoint.token}/", "{}", content_type="application/json")
    assert answer.status_code == 404


def test_the_check_says_same_repairs_what_differs_and_registers_again_what_is_gone(channel: Channel) -> None:
    assert checked(channel) == "same"
    number = channel.endpoint.remote_id
    channel.stage.sandbox.admin(
        "PUT", f"records/endpoints/{number}", {"registered_webhooks": ["payment_created"]}
    )
    assert checked(channel) == "repaired"
    channel.stage.run()
    assert channel.registered()[0]["registered_webhooks"] == channel.endpoint.registered_webhooks
    assert checked(channel) == "same"
    channel.endpoint.refresh_from_db()
    channel.endpoint.remote_id = 999_999
    channel.endpoint.save()
    assert checked(channel) == "missing"


def test_where_endpoints_can_not_be_listed_the_check_says_so_and_never_fine(channel: Channel) -> None:
    channel.stage.sandbox.assume(endpoints="create_only")
    assert checked(channel) == "cannot"
    assert channel.endpoint.missing_since is None


def test_a_sandbox_that_does_not_answer_is_not_called_missing(channel: Channel) -> None:
    channel.stage.sandbox.fault(kind="500_before", operation="endpoints.list", count=1)
    assert checked(channel) == "unanswered"


def test_another_public_url_is_registered_by_the_schedule(channel: Channel, settings: object) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    checking.renew_addresses(Context(lane="background"))
    channel.stage.run()
    (there,) = channel.registered()
    assert there["url"].startswith("http://127.0.0.1:9/webhooks/")


def checked(channel: Channel) -> str:
    checking.check(Context(lane="background"))
    channel.endpoint.refresh_from_db()
    return channel.endpoint.check_result
