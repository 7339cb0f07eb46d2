"""A channel is suspect when signatures are refused in a row, or when our own pushes bring no events."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Attempt
from partnerportal.records.models import Endpoint, Patient
from partnerportal.webhooks import watch
from partnerportal.webhooks.models import Event
from tests.owner import as_owner
from tests.webhooks.post import event, post
from tests.webhooks.scene import Channel, ada, channel

__all__ = ["ada", "channel"]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the doorbell was asked for: the broker is the edge."""
    asked: list[str] = []
    monkeypatch.setattr(watch, "ring", lambda task, **_: asked.append(task))
    return asked


def long_ago(endpoint: Endpoint) -> None:
    """All of it happened twenty minutes ago."""
    earlier = timezone.now() - timedelta(minutes=20)
    Attempt.objects.update(started_at=earlier, ended_at=earlier + timedelta(seconds=1))
    Endpoint.objects.update(accepted_at=earlier - timedelta(minutes=1))
    endpoint.refresh_from_db()


def test_silence_after_our_own_push_is_seen_and_starts_a_pull(
    channel: Channel, ada: Patient, rung: list[str]
) -> None:
    channel.heard(lambda: Event.objects.exists())
    long_ago(channel.endpoint)
    as_owner("DELETE FROM webhooks_event")
    assert watch.watch() == 1
    channel.endpoint.refresh_from_db()
    assert channel.endpoint.suspect_reason == "silent"
    assert rung == ["partnerportal.sync.tasks.pull"]
    assert Entry.objects.filter(action="endpoint_suspect").exists()
    assert watch.watch() == 1
    assert len(rung) == 1


def test_a_push_whose_event_came_or_is_not_due_yet_is_no_silence(
    channel: Channel, ada: Patient, rung: list[str]
) -> None:
    assert watch.watch() == 0
    channel.heard(lambda: Event.objects.filter(event_type="patient_created").exists())
    long_ago(channel.endpoint)
    assert watch.watch() == 0


def test_a_run_of_refused_signatures_is_suspect_until_a_good_one_comes(
    channel: Channel, rung: list[str]
) -> None:
    for _ in range(watch.RUN):
        assert watch.watch() == 0
        post(channel.endpoint, event(), key="another")
    assert watch.watch() == 1
    channel.endpoint.refresh_from_db()
    assert channel.endpoint.suspect_reason == "refused"
    assert post(channel.endpoint, event()).status_code == 200
    assert watch.watch() == 0
    channel.endpoint.refresh_from_db()
    assert channel.endpoint.suspect_since is None
