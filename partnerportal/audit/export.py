"""The audit as lines: one exchange a line, masked unless someone who may see the wire asked for it.

Imports audit only. Streams: a chunk of rows is in memory at a time, however long the audit is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from partnerportal.audit import masking, reading
from partnerportal.audit.models import Exchange
from partnerportal.audit.reading import Content, Reading
from partnerportal.kernel.ids import short_id

CHUNK = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "id", "started_at", "finished_at", "actor", "origin", "lane", "operation", "record", "enterprise",
    "patient", "batch", "delivery", "attempt", "cause", "correlation_id", "credential_fingerprint",
    "environment", "method", "url", "request_headers", "request_body", "response_status", "response_headers",
    "response_body", "response_incomplete", "response_summary", "outcome", "reason", "seconds", "content",
    "masked",
)  # fmt: skip


@dataclass
class Export:
    """One run. `unreadable` counts rows whose content could not be opened: the export is then not whole."""

    exchanges: QuerySet[Exchange]
    full: bool = False
    since: datetime | None = None
    rows: int = 0
    unreadable: list[int] = field(default_factory=list)

    def lines(self, form: str) -> Iterator[str]:
        """Lines without their end, of `jsonl` or `csv` (which opens with its header)."""
        if form == "csv":
            yield csv_line(COLUMNS)
        for row in self.records():
            yield csv_line(row.values()) if form == "csv" else json.dumps(row, ensure_ascii=False)

    def records(self) -> Iterator[dict[str, Any]]:
        chosen, after = self.exchanges, 0
        if self.since is not None:
            chosen = chosen.filter(started_at__gte=self.since)
        while chunk := reading.in_order(chosen, after, CHUNK):
            for read in reading.read_many(chunk):
                yield self._record(read)
            after = chunk[-1].pk

    def _record(self, read: Reading) -> dict[str, Any]:
        self.rows += 1
        state = _state(read)
        if state in reading.BROKEN:
            self.unreadable.append(read.exchange.pk)
        values = {
            **_about(read.exchange),
            **_request(read, self.full),
            **_answer(read, self.full),
            "content": state,
            "masked": not self.full,
        }
        return {column: values[column] for column in COLUMNS}


def _state(read: Reading) -> str:
    states = (read.sent.state, read.received.state)
    return next((s for s in (*reading.BROKEN, reading.DESTROYED) if s in states), reading.KEPT)


def _about(row: Exchange) -> dict[str, Any]:
    return {
        "id": short_id("exchange", row.pk),
        "started_at": row.started_at.isoformat(timespec="milliseconds"),
        "actor": row.actor,
        "origin": row.origin,
        "lane": row.lane,
        "operation": row.operation,
        "record": row.record or None,
        "enterprise": row.enterprise,
        "patient": row.patient,
        "batch": row.batch,
        "delivery": row.delivery,
        "attempt": row.attempt,
        "cause": row.cause or None,
        "correlation_id": row.correlation_id,
        "credential_fingerprint": row.credential_fingerprint,
        "environment": row.environment,
        "method": row.method,
    }


def _request(read: Reading, full: bool) -> dict[str, Any]:
    url = read.sent.values.get("url") or read.exchange.url
    return {
        "url": url if full else masking.export_url(url),
        "request_headers": read.sent.headers,
        "request_body": _body(read.sent, full),
    }


def _answer(read: Reading, full: bool) -> dict[str, Any]:
    row, content = read.answer, read.received
    if row is None:
        names = ("finished_at", "response_status", "response_headers", "response_body", "response_incomplete",
                 "response_summary", "outcome", "reason", "seconds")  # fmt: skip
        return dict.fromkeys(names)
    # The clock of the send plus the measured time: the answer's row is written a moment later.
    finished = read.exchange.started_at + timedelta(seconds=row.seconds)
    return {
        "finished_at": finished.isoformat(timespec="milliseconds"),
        "response_status": row.status,
        "response_headers": content.headers,
        "response_body": _body(content, full) if "body" in content.values else None,
        "response_incomplete": content.is_incomplete,
        "response_summary": _summary(content),
        "outcome": row.outcome,
        "reason": row.reason,
        "seconds": round(row.seconds, 3),
    }


def _body(content: Content, full: bool) -> str | None:
    if content.state != reading.KEPT:
        return None
    return content.body if full else masking.export_body(content.body)


def _summary(content: Content) -> dict[str, Any] | None:
    """Of a list answer that was not kept whole: how many, and which ids."""
    return {n: content.values[n] for n in ("count", "ids")} if "ids" in content.values else None


def csv_line(values: Any) -> str:
    """One line of CSV. A cell that a spreadsheet would run as a formula is made text by a leading quote."""
    written = io.StringIO()
    # The writer quotes a cell with a line break only if its own line end holds that character.
    csv.writer(written, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return written.getvalue().removesuffix("\r\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text
