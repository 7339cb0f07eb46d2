"""The log of every API request seen, written in the transaction of what the request did.

Imports messages only. A status of null means that no answer was sent.
"""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from integrations.sandbox.messages import Call
from integrations.sandbox.records import instant

COLUMNS = (
    "at",
    "key_fingerprint",
    "method",
    "path",
    "query",
    "operation",
    "body",
    "body_sha256",
    "correlation_id",
    "status",
    "fault",
    "resource",
    "record_id",
)
INSERT = f"insert into requests ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
SELECT = f"select id, {', '.join(COLUMNS)} from requests where id > ? order by id limit ?"  # noqa: S608


@dataclass(frozen=True)
class Sighting:
    """Who asked for what, as far as it is known when the request is taken in."""

    call: Call
    operation: str | None = None
    key_fingerprint: str | None = None
    fault: str | None = None


Touched = tuple[str, int] | None


def note(tx: sqlite3.Connection, seen: Sighting, status: int | None, touched: Touched = None) -> int:
    """Add a line; the id it got. `touched` is the record that the request committed."""
    call = seen.call
    resource, record_id = touched or (None, None)
    values = (
        instant(datetime.now(UTC)),
        seen.key_fingerprint,
        call.method,
        call.path,
        call.query,
        seen.operation,
        call.body.decode("utf-8", "replace"),
        hashlib.sha256(call.body).hexdigest(),
        call.headers.get("x-correlation-id"),
        status,
        seen.fault,
        resource,
        record_id,
    )
    return int(tx.execute(INSERT, values).lastrowid or 0)


def note_late_commit(tx: sqlite3.Connection, line: int, touched: Touched) -> None:
    """A request that was taken in before and takes effect only now."""
    resource, record_id = touched or (None, None)
    tx.execute("update requests set resource = ?, record_id = ? where id = ?", (resource, record_id, line))


def holds(tx: sqlite3.Connection, line: int) -> bool:
    """Whether the line is still there: a reset forgets them."""
    return tx.execute("select 1 from requests where id = ?", (line,)).fetchone() is not None


def since(tx: sqlite3.Connection, line: int, limit: int) -> list[dict[str, Any]]:
    names = ["id", *COLUMNS]
    return [dict(zip(names, row, strict=True)) for row in tx.execute(SELECT, (line, limit))]
