"""One event is one row and is applied once, in whatever spelling its signature covers it comes."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from django.test import Client

from integrations.inboxhealth.signature import HEADER
from integrations.sandbox.webhooks.signing import signature
from partnerportal.audit.models import Entry
from partnerportal.records.models import Endpoint, Patient
from partnerportal.webhooks import process
from partnerportal.webhooks.models import Event
from tests.owner import as_owner
from tests.sandbox_process import KEY
from tests.signature.spellings import spelled
from tests.webhooks.post import endpoint, event, post
from tests.webhooks.test_applying import ada, elm, service, told

__all__ = ["ada", "elm", "endpoint", "service"]


# Attributes that no contract gives a type: they stay as they came.
UNKNOWN = {"rate", "notes", "links"}


def sent(endpoint: Endpoint, body: str, signed: str) -> int:
    path = f"/webhooks/{endpoint.token}/"
    answer = Client().post(path, body, content_type="application/json", headers={HEADER: signed})
    return answer.status_code


def captured(patient: Patient) -> dict[str, Any]:
    """A call as somebody might have seen it, with each kind of value in it."""
    known = told(
        patient, 2, city="Holyoke", zip="6510", middle_name="é/\"x", balance_cents=0, sms_opt_out=True,
        primary=False, email=None, rate=6.35, notes="", links={"invoices": None, "ids": [3, 12, 5]},
    )  # fmt: skip
    return {**known, "id": 700001, "sequence": None, "attempt": 1.5}


@pytest.mark.parametrize("seed", range(8))
def test_what_the_signature_of_one_call_covers_is_one_event(
    endpoint: Endpoint, ada: Patient, seed: int
) -> None:
    chance, body = Random(seed), captured(ada)
    assert post(endpoint, body).status_code == 200
    process.drive(5.0)
    wanted = outcome(ada)
    as_owner("DELETE FROM webhooks_event")
    Patient.objects.filter(pk=ada.pk).delete()
    ada.save(force_insert=True)
    signed, merged = signature(KEY, endpoint.url, json.dumps(body)), merges()
    for turn in range(16):
        assert sent(endpoint, spelled(body, chance), signed) == 200
        if turn % 5 == 0:
            process.drive(5.0)
    process.drive(5.0)
    assert (Event.objects.count(), merges() - merged) == (1, 1)
    assert outcome(ada) == wanted


def merges() -> int:
    return Entry.objects.filter(action="patient_merged").count()


def outcome(patient: Patient) -> dict[str, Any]:
    """What the event says of itself, and what it made of the patient."""
    row, there = Event.objects.get(), Patient.objects.get(pk=patient.pk)
    told_of = {name: value for name, value in (there.remote or {}).items() if not name.startswith("none_")}
    return {
        "event": [getattr(row, name) for name in ("event_key", "event_type", "livemode", "happened_at")],
        "about": (row.noun, row.object_id, row.state, row.reason, row.record_id, row.changes),
        "columns": there.wire.values(there),
        "remote": {name: value or None for name, value in told_of.items() if name not in UNKNOWN},
    }


def test_another_content_under_the_same_id_is_another_event(endpoint: Endpoint, ada: Patient) -> None:
    """Both are signed: neither is dropped, and the newer one wins."""
    for city in ("Holyoke", "Agawam"):
        assert post(endpoint, told(ada, 2, city=city) | {"id": 7}).status_code == 200
    assert list(Event.objects.values_list("event_key", flat=True)) == ["7", "7"]


def test_an_event_without_an_id_is_known_by_what_it_says(endpoint: Endpoint) -> None:
    body = {name: value for name, value in event().items() if name != "id"}
    for one in (body, {**body, "id": None}, {**body, "livemode": "false"}, body):
        post(endpoint, one)
    assert list(Event.objects.values_list("event_key", flat=True).order_by("pk")) == ["", ""]
