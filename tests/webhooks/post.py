"""Events as Inbox Health would post them, for tests."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from django.test import Client

from integrations.inboxhealth.signature import HEADER
from integrations.sandbox.webhooks.signing import signature
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.verification import book
from tests.sandbox_process import KEY

_ids = itertools.count(5000)
TYPES = ["patient_created", "patient_updated", "invoice_updated", "line_item_created", "payment_created"]


@pytest.fixture
def endpoint(transactional_db: None) -> Endpoint:
    """One that is registered there, in memory's eyes new."""
    row = Endpoint(registered_webhooks=TYPES, remote_id=141_001)
    row.acknowledged = {
        "url": {"sent": row.address(), "answered": row.address()},
        "registered_webhooks": {"sent": TYPES, "answered": TYPES},
    }
    row.save()
    book.forget()
    return row


def event(kind: str = "patient_updated", *, number: int | None = None, **subject: Any) -> dict[str, Any]:
    """An event of the sandbox about a record with these attributes."""
    noun = kind.rpartition("_")[0]
    return {
        "id": next(_ids) if number is None else number,
        "livemode": False,
        "created_at": "2026-11-24T03:00:00.000-04:00",
        "event_type": kind,
        "event_data": {"object": {"id": 669, **subject, "object": noun}},
    }


def post(endpoint: Endpoint, body: Any, *, key: str = KEY, url: str = "", **headers: str) -> Any:
    """Post it signed with `key` for the registered URL."""
    text = body if isinstance(body, str) else json.dumps(body)
    signed = {HEADER: signature(key, url or endpoint.url, text), **headers}
    return Client().post(
        f"/webhooks/{endpoint.token}/", text, content_type="application/json", headers=signed
    )
