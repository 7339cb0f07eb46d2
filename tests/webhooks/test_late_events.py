"""Late is told apart from lost; a suspicion ends with an event and with nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partnerportal.audit.context import Context
from partnerportal.console.event_words import endpoint_sentence, late_sentence
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.records.models import Endpoint, Patient
from partnerportal.webhooks import checking, endpoints, lateness, watch
from partnerportal.webhooks.models import Event, LateEvent
from tests.owner import as_owner
from tests.webhooks.passing import Passing
from tests.webhooks.post import event, post
from tests.webhooks.scene import Channel, ada, channel

__all__ = ["ada", "channel"]


@pytest.fixture
def clock(channel: Channel, ada: Patient) -> Passing:
    """Ada was pushed this moment, and her event never came by itself."""
    channel.heard(lambda: Event.objects.filter(event_type="patient_created").exists())
    as_owner("DELETE FROM webhooks_event")
    return Passing()


def comes(channel: Channel, patient: Patient) -> None:
    told = event("patient_created")
    told["event_data"]["object"]["id"] = patient.remote_id
    assert post(channel.endpoint, told).status_code == 200


def seen(channel: Channel) -> Endpoint:
    watch.watch()
    channel.endpoint.refresh_from_db()
    return channel.endpoint


def test_an_event_45_s_late_at_a_limit_of_30_s_alarms_nobody_and_is_called_late(
    channel: Channel, ada: Patient, clock: Passing, settings: Any
) -> None:
    settings.WEBHOOK_SILENCE_SECONDS = 30.0
    clock.until(clock.now + 38)
    assert seen(channel).suspect_since is None
    (late,) = LateEvent.objects.all()
    assert late_sentence(late).endswith("has not come.")
    clock.until(clock.now + 3)
    comes(channel, ada)
    clock.until(clock.now + 30)
    assert seen(channel).suspect_since is None
    late.refresh_from_db()
    assert " came at " in late_sentence(late) and late_sentence(late).endswith(" s late.")
    assert not lateness.missing(channel.endpoint).exists()


def test_a_lone_push_whose_event_is_lost_is_named_and_its_record_is_read(
    channel: Channel, ada: Patient, clock: Passing
) -> None:
    clock.until(clock.now + 901)
    endpoint = seen(channel)
    assert endpoint.suspect_reason == "silent"
    assert "The event for the push at " in endpoint_sentence(endpoint)
    reading = Delivery.objects.get(kind=Delivery.Kind.REFRESH, record_id=ada.pk)
    assert (reading.noun, reading.lane, reading.cause) == ("patient", "background", endpoint.record_name)
    seen(channel)
    assert Delivery.objects.filter(kind=Delivery.Kind.REFRESH).count() == 1


def test_a_missing_event_counts_although_others_came(channel: Channel, ada: Patient, clock: Passing) -> None:
    clock.until(clock.now + 300)
    post(channel.endpoint, event("patient_updated"))
    clock.until(clock.now + 700)
    assert seen(channel).suspect_since is None
    assert lateness.missing(channel.endpoint).get().record_id == ada.pk
    assert Delivery.objects.filter(kind=Delivery.Kind.REFRESH, record_id=ada.pk).exists()


def test_only_an_event_that_came_ends_a_suspicion(channel: Channel, ada: Patient, clock: Passing) -> None:
    clock.until(clock.now + 901)
    since = seen(channel).suspect_since
    for _ in range(3):
        checking.check(Context(lane="background"))
        endpoints.touch(channel.stage.context, channel.endpoint)
        channel.stage.run()
        assert seen(channel).suspect_since is not None
    clock.until(clock.now + 2 * 86_400)
    assert seen(channel).suspect_since is not None and since is not None
    post(channel.endpoint, event("patient_updated"))
    assert seen(channel).suspect_since is None


def test_only_a_registration_or_a_change_of_it_moves_the_time_from_which_pushes_count(
    channel: Channel,
) -> None:
    first = seen(channel).accepted_at
    checking.check(Context(lane="background"))
    endpoints.touch(channel.stage.context, channel.endpoint)
    channel.stage.run()
    assert seen(channel).accepted_at == first
    endpoints.change(channel.stage.context, channel.endpoint, ["patient_created"])
    channel.stage.run()
    moved = seen(channel).accepted_at
    assert first is not None and moved is not None and moved > first
    channel.stage.sandbox.admin(
        "PUT", f"records/endpoints/{channel.endpoint.remote_id}", {"registered_webhooks": ["payment_created"]}
    )
    checking.check(Context(lane="background"))
    again = seen(channel).accepted_at
    assert again is not None and again > moved


def test_pushes_before_the_registration_are_waited_for_by_nobody(
    channel: Channel, ada: Patient, clock: Passing
) -> None:
    clock.until(clock.now + 901)
    Endpoint.objects.update(accepted_at=timezone.now() - timedelta(minutes=1))
    assert seen(channel).suspect_since is None
    assert Attempt.objects.exists() and not LateEvent.objects.exists()
