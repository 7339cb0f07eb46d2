"""Audit rows as the journal writes them, made directly: what the audit's tests read."""

from __future__ import annotations

import json
from typing import Any

from partnerportal.audit.models import Answer, Exchange
from partnerportal.audit.sealed import seal
from tests.owner import dated

FINGERPRINT = "3f9a00c2"


def exchange(body: dict[str, Any] | str | None = None, **columns: Any) -> Exchange:
    """An open exchange: a create of a patient unless the columns say otherwise; `started_at` dates it."""
    url = "http://127.0.0.1:8001/partner/v2/patients"
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    full_url, started_at = columns.pop("full_url", url), columns.pop("started_at", None)
    headers = {"Authorization": f"[key {FINGERPRINT}]", "Content-Type": "application/json"}
    sealed = seal({"url": full_url, "headers": headers, "body": text}, text.encode())
    values: dict[str, Any] = {
        "actor": "user:anna", "origin": "console", "lane": "interactive", "record": "patient:P-12",
        "enterprise": 1, "patient": 12, "delivery": 88, "attempt": 1, "correlation_id": "c0ffee",
        "environment": "sandbox", "credential_fingerprint": FINGERPRINT, "operation": "patients.create",
        "method": "POST", "url": url,
    }  # fmt: skip
    made = Exchange.objects.create(
        **values | columns,
        data_key=sealed.data_key,
        content=sealed.content,
        content_digest=sealed.content_digest,
        body_digest=sealed.body_digest,
    )
    if started_at is not None:
        dated(made, started_at=started_at)
    return made


def answer(to: Exchange, body: dict[str, Any] | str = "", **columns: Any) -> Answer:
    """An accepted answer unless the columns say otherwise; `kept` replaces the content as a whole."""
    text = body if isinstance(body, str) else json.dumps(body)
    kept = columns.pop("kept", {"headers": {"Content-Type": "application/json"}, "body": text})
    sealed = seal(kept, text.encode())
    values: dict[str, Any] = {"seconds": 0.212, "status": 201, "outcome": "accepted", "reason": "ok"}
    return Answer.objects.create(
        exchange=to.pk,
        **values | columns,
        data_key=sealed.data_key,
        content=sealed.content,
        content_digest=sealed.content_digest,
        body_digest=sealed.body_digest,
    )
