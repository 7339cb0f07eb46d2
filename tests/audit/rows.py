"""Audit rows as the journal writes them, made directly: what the audit's tests read."""

from __future__ import annotations

import json
from typing import Any

from partnerportal.audit.models import Answer, Exchange
from partnerportal.audit.sealed import seal
from partnerportal.kernel.clock import db_now
from tests.owner import dated

FINGERPRINT = "3f9a00c2"


def exchange(body: dict[str, Any] | str | None = None, **columns: Any) -> Exchange:
    """An open exchange: a create of a patient unless the columns say otherwise; `started_at` dates it."""
    url = "http://127.0.0.1:8001/partner/v2/patients"
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    full_url = columns.pop("full_url", url)
    headers = {"Authorization": f"[key {FINGERPRINT}]", "Content-Type": "application/json"}
    values: dict[str, Any] = {
        "actor": "user:anna", "origin": "console", "lane": "interactive", "record": "patient:P-12",
        "enterprise": 1, "patient": 12, "delivery": 88, "attempt": 1, "correlation_id": "c0ffee",
        "environment": "sandbox", "credential_fingerprint": FINGERPRINT, "operation": "patients.create",
        "method": "POST", "url": url,
    }  # fmt: skip
    row = Exchange(**{"started_at": db_now()} | values | columns)
    return _stored(row, {"url": full_url, "headers": headers, "body": text}, text, "started_at")


def answer(to: Exchange, body: dict[str, Any] | str = "", **columns: Any) -> Answer:
    """An accepted answer unless the columns say otherwise; `kept` replaces the content as a whole."""
    text = body if isinstance(body, str) else json.dumps(body)
    kept = columns.pop("kept", {"headers": {"Content-Type": "application/json"}, "body": text})
    values: dict[str, Any] = {"seconds": 0.212, "status": 201, "outcome": "accepted", "reason": "ok"}
    row = Answer(exchange=to.pk, **{"answered_at": db_now()} | values | columns)
    return _stored(row, kept, text, "answered_at")


def _stored(row: Any, content: dict[str, Any], text: str, column: str) -> Any:
    """Sealed with its own time; the database takes only times of now, so an older one comes by the owner."""
    seal(row, content, text.encode())
    wanted, now = getattr(row, column), db_now()
    setattr(row, column, now)
    row.save()
    dated(row, **{column: wanted})
    return row
