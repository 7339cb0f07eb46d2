"""One call at the door: verified in memory, one row stored, and nothing else. Imports verification.

`take` knows no framework. A call that does not verify leaves a number, never a body.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.inboxhealth.signature import LARGEST, NotJsonError, TooMuchError, covered
from partnerportal.kernel import keyring
from partnerportal.kernel.statements import run
from partnerportal.records.apply import instant
from partnerportal.webhooks.bell import bell
from partnerportal.webhooks.models import Event
from partnerportal.webhooks.unsigned import flag, plain, subject
from partnerportal.webhooks.verification import Known, book

_BODY = Event._meta.get_field("body")
_STORE = """
INSERT INTO webhooks_event
    (endpoint_id, event_key, digest, event_type, livemode, happened_at, noun, object_id, body, signed_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (endpoint_id, event_key, digest) DO NOTHING RETURNING id
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
        event, texts = covered(body)
    except NotJsonError:
        return 400
    except TooMuchError:
        return 413
    signed = _signer(token, known, texts, call.signature)
    if signed is None:
        run(_COUNT, [known.endpoint_id])
        return 401
    if _store(known, event, body, *signed):
        bell.ring()
    return 200


def _signer(token: str, known: Known, texts: list[str], given: str) -> tuple[str, str] | None:
    """(fingerprint, text that was signed). Before a call is refused the keys are read anew: one may have
    been replaced this very moment.
    """
    found = known.signer(texts, given) if given else None
    if found is None and given and (newer := book.again(token)) is not None:
        found = newer.signer(texts, given)
    return found


def _store(known: Known, event: dict[str, Any], body: bytes, signer: str, text: str) -> bool:
    """Once for what was signed: blanks, the order of names and whether 1 is a text are not signed, so anyone
    who has seen a call can change them.
    """
    noun, object_id = subject(event)
    values = [
        known.endpoint_id,
        plain(event.get("id"))[:80],
        hashlib.sha256(text.encode()).hexdigest(),
        plain(event.get("event_type"))[:100],
        flag(event.get("livemode")),
        instant(plain(event.get("created_at"))),
        noun,
        object_id,
        keyring.encrypt(body, _BODY.place),
        signer,
    ]
    return run(_STORE, values) is not None
