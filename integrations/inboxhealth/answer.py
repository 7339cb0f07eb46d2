"""What a body says: parsed, or the reason why it can't be read.

Owns the reading of answers. May import operations, outcome and transport only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

from integrations.inboxhealth.operations import Operation
from integrations.inboxhealth.outcome import Failure
from integrations.inboxhealth.transport import Received

_DAY = 86_400.0


def read(operation: Operation, received: Received) -> tuple[Any | None, Failure | None]:
    """The parsed body, and what keeps the answer from being whole and understood. Contract 3."""
    if received.failure is not None or received.status is None or operation.binary:
        return None, received.failure
    if received.status == 204 and operation.verb in ("PUT", "DELETE"):
        return None, None
    data, failure = _parse(received)
    if failure is None and 200 <= received.status < 300:
        failure = _expected(operation, data)
    return data, failure


def _parse(received: Received) -> tuple[Any | None, Failure | None]:
    text = received.body.strip()
    if not text:
        return None, Failure.EMPTY_BODY
    if text.startswith(b"<") or "html" in received.headers.get("content-type", ""):
        return None, Failure.HTML
    try:
        return json.loads(text, parse_constant=_not_json), None
    except (ValueError, RecursionError):
        return None, Failure.NOT_JSON


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)


def _expected(operation: Operation, data: Any) -> Failure | None:
    """One record stands below its root key; of one that was just created we need the id. Lists judge
    themselves.
    """
    if operation.paged or not operation.root or operation.verb == "DELETE":
        return None
    record = data.get(operation.root) if isinstance(data, dict) else None
    if not isinstance(record, dict):
        return Failure.ROOT_MISSING
    # A bool is an int to Python.
    known = isinstance(record.get("id"), int) and record["id"] is not True
    return None if known or operation.verb != "POST" else Failure.ID_MISSING


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds to wait as the answer asks, from a number or a date; None where it does not say.

    Longer than a day is no advice to wait by: None as well.
    """
    seconds = _seconds(headers.get("retry-after", "").strip(), now or datetime.now(UTC))
    return seconds if seconds is not None and seconds <= _DAY else None


def _seconds(text: str, now: datetime) -> float | None:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
