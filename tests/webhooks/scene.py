"""A portal that hears: its address is open, an endpoint is registered there, events come in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from integrations.inboxhealth.auth import Credential
from partnerportal.delivery.services import request_push
from partnerportal.records.models import Endpoint, Patient
from partnerportal.webhooks import endpoints, process
from partnerportal.webhooks.event_types import USUAL
from partnerportal.webhooks.models import Event
from partnerportal.webhooks.verification import book
from tests.cast import Stage, make_enterprise, make_patient


@dataclass
class Channel:
    """`stage` sends; what the sandbox tells comes in at the live server's address."""

    stage: Stage
    endpoint: Endpoint

    def heard(self, until: Callable[[], Any], seconds: float = 15.0) -> None:
        """Work off what comes, and what it has read, until then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            process.drive(1.0)
            self.stage.run(until=lambda: True)
            if until():
                return
            time.sleep(0.05)
        raise AssertionError(list(Event.objects.values_list("event_type", "state", "reason")))

    def registered(self) -> list[dict[str, Any]]:
        return self.stage.there("endpoints")

    def change_there(self, patient: Patient, **attributes: Any) -> dict[str, Any]:
        """Somebody at Inbox Health edits the patient."""
        return dict(
            self.stage.sandbox.admin("PUT", f"records/patients/{patient.remote_id}", attributes) or {}
        )


@pytest.fixture
def channel(stage: Stage, live_server: Any, settings: Any) -> Iterator[Channel]:
    settings.PUBLIC_URL = live_server.url
    book.forget()
    endpoint = endpoints.register(stage.context, USUAL)
    stage.run()
    endpoint.refresh_from_db()
    yield Channel(stage, endpoint)
    book.forget()


@pytest.fixture
def ada(channel: Channel) -> Patient:
    """A patient who is there and whose own events have come in."""
    patient = make_patient(make_enterprise())
    from_here = channel.stage
    push(from_here, patient)
    patient.refresh_from_db()
    return patient


def push(stage: Stage, patient: Patient) -> None:
    request_push(stage.context, patient)
    stage.run()


def fingerprint(secret: str) -> str:
    return Credential(secret).fingerprint
