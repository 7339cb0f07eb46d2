"""One call at the door: verified in memory, one row stored, and nothing else. Imports verification.

`take` knows no framework. A call that does not verify leaves a number, never a body.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.inboxhealth.signature import NotJsonError, parsed
from partnerportal.kernel import keyring
from partnerportal.kernel.statements import run
from partnerportal.records.apply import instant
from partnerportal.webhooks.bell import bell
from partnerportal.webhooks.models import Event
from partnerportal.webhooks.verification import Known, book

LARGEST = 1024 * 1024  # bytes of a body
_LARGEST_ID = 2**63 - 1
_BODY = Event._meta.get_field("body")
_STORE = """
INSERT INTO webhooks_event
    (endpoint_id, event_key, event_type, livemode, happened_at, noun, object_id, body, signed_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (endpoint_id, event_key) DO NOTHING RETURNING id
"""
_COUNT = """
INSERT INTO webhooks_refusal AS known (endpoint_id, hour, number, in_a_row)
VALUES (%s, date_trunc('hour', clock_timestamp()), 1, 1)
ON CONFLICT (endpoint_id, hour) DO UPDATE SET number = known.number + 1, last_at = clock_timestamp(),
    in_a_row = CASE WHEN EXISTS (
        SELECT 1 FROM webhooks_event e
        WHERE e.endpoint_id = known.endpoint_id AND e.received_at > known.last_at
    ) THEN 1 ELSE known.in_a_row + 1 END
RETURNING number
"""


@dataclass(frozen=True)
class Call:
    """What a request holds of use. `read` gives the body; it is asked for at most once."""

    method: str
    content_type: str
    length: int | None
    signature: str
    read: Callable[[], bytes]


def take(token: str, call: Call) -> int:
    """The status to answer with: 200 once the event is durable, each time it comes. Raises DatabaseError."""
    known = book.get(token)
    if known is None:
        return 404
    if call.method != "POST":
        return 405
    if call.content_type.partition(";")[0].strip().lower() != "application/json":
        return 415
    if call.length is None or call.length > LARGEST:
        return 411 if call.length is None else 413
    body = call.read()
    try:
        event = parsed(body)
    except NotJsonError:
        return 400
    signer = _signer(token, known, event, call.signature)
    if signer is None:
        run(_COUNT, [known.endpoint_id])
        return 401
    if _store(known, event, body, signer):
        bell.ring()
    return 200


def _signer(token: str, known: Known, event: dict[str, Any], given: str) -> str | None:
    """Before a call is refused the keys are read anew: one may have been replaced this very moment."""
    found = known.signer(event, given) if given else None
    if found is None and given and (newer := book.again(token)) is not None:
        found = newer.signer(event, given)
    return found


def _store(known: Known, event: dict[str, Any], body: bytes, signer: str) -> bool:
    event_type = event.get("event_type")
    live = event.get("livemode")
    noun, object_id = _subject(event)
    values = [
        known.endpoint_id,
        _key(event, body),
        event_type.replace("\0", "")[:100] if isinstance(event_type, str) else "",
        live if isinstance(live, bool) else None,
        instant(event.get("created_at")),
        noun,
        object_id,
        keyring.encrypt(body, _BODY.place),
        signer,
    ]
    return run(_STORE, values) is not None


def _key(event: Mapping[str, Any], body: bytes) -> str:
    """The vendor's id; an event without one is known by its content."""
    number = event.get("id")
    if isinstance(number, int) and not isinstance(number, bool):
        text = str(number)
        return text if len(text) <= 60 else f"id-{hashlib.sha256(text.encode()).hexdigest()}"
    return f"body-{hashlib.sha256(body).hexdigest()}"


def _subject(event: Mapping[str, Any]) -> tuple[str, int | None]:
    """The noun and the id there of what the event is about, as far as it says."""
    data = event.get("event_data")
    inner = data.get("object") if isinstance(data, dict) else None
    if not isinstance(inner, dict):
        return "", None
    number, noun = inner.get("id"), inner.get("object")
    fits = isinstance(number, int) and not isinstance(number, bool) and abs(number) <= _LARGEST_ID
    return (noun.replace("\0", "")[:30] if isinstance(noun, str) else ""), (number if fits else None)
