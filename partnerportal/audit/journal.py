"""The only writer of Exchange and Answer. Commits the exact bytes before the socket is written (law 2).

Imports audit, the kernel and the client's types. It refuses to write inside an open transaction: a row that
could still be rolled back would be no proof.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import IntegrityError, connection

from integrations.inboxhealth.client import Reply, WireRequest
from integrations.inboxhealth.errors import InboxHealthError, LimiterUnavailable
from partnerportal.audit import checkpoint, redaction
from partnerportal.audit.context import Context
from partnerportal.audit.models import Answer, DataKey, Exchange
from partnerportal.audit.sealed import close, wrap
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.statements import run


class OpenTransaction(RuntimeError):
    """A request was about to be sent inside a transaction that could still be rolled back."""


class Held(LimiterUnavailable):
    """This database has no permit to send (audit.checkpoint): there is no sending time until it has."""

    def __init__(self) -> None:
        InboxHealthError.__init__(self, "This database may be behind the last sends", reason="held")


@dataclass(frozen=True)
class Guard:
    """What must still hold when the Exchange is inserted (a lease that nobody took back), in that statement.

    `sql` selects one row, and locks it, while the send is allowed; where it does not, `refusal` is raised.
    """

    sql: str
    values: tuple[Any, ...]
    refusal: Exception


class DatabaseJournal:
    """Journal of one client: hangs between `prepare` and the socket."""

    def __init__(
        self,
        context: Context,
        fingerprint: str,
        environment: str,
        *,
        keep_lists: bool = False,
        guard: Guard | None = None,
    ) -> None:
        self.context, self.fingerprint, self.environment = context, fingerprint, environment
        self.keep_lists, self.guard = keep_lists, guard

    def open(self, request: WireRequest) -> int:
        """Commit the Exchange; returns its id. Raises OpenTransaction, Held, or what the guard raises."""
        if connection.in_atomic_block:
            raise OpenTransaction(f"{request.operation.name} would be sent inside a transaction")
        exchange_id = self._insert(request)
        if exchange_id is None and not checkpoint.is_allowed() and checkpoint.renew() is None:
            exchange_id = self._insert(request)
        if exchange_id is None:
            raise self.guard.refusal if self.guard and checkpoint.is_allowed() else Held()
        crash_point("exchange_committed")
        return exchange_id

    def _insert(self, request: WireRequest) -> int | None:
        about = self.context
        row = Exchange(
            started_at=db_now(),
            actor=about.actor,
            origin=about.origin,
            lane=about.lane,
            record=about.record,
            enterprise=about.enterprise,
            patient=about.patient,
            batch=about.batch,
            cause=about.cause,
            delivery=about.delivery,
            attempt=about.attempt,
            correlation_id=correlation.current(),
            credential_fingerprint=self.fingerprint,
            environment=self.environment,
            operation=request.operation.name,
            method=request.method,
            url=request.url[:500],
        )
        content = {
            "url": request.full_url,
            "headers": redaction.headers(request.headers, self.fingerprint),
            "body": _text(request.body),
        }
        return _insert(row, content, request.body, self.guard)

    def close(self, exchange_id: int, reply: Reply) -> None:
        """Insert the Answer. A second one for an exchange is refused by the database and changes nothing."""
        crash_point("answer_received")
        try:
            row = Answer(
                answered_at=db_now(),
                exchange=exchange_id,
                seconds=reply.seconds,
                status=reply.status,
                outcome=str(reply.outcome),
                reason=reply.reason,
            )
            _insert(row, self._content(reply), reply.body)
        except IntegrityError:
            return
        crash_point("answer_committed")

    def _content(self, reply: Reply) -> dict[str, Any]:
        headers = redaction.headers(reply.headers, self.fingerprint)
        rows = None if self.keep_lists else _rows(reply.data)
        if rows is None:
            masked = redaction.without_secret(reply.data)
            content = {"headers": headers, "body": masked or _text(reply.body)}
            return content if reply.whole else {**content, "incomplete": True}
        return {"headers": headers, "count": len(rows), "ids": [row.get("id") for row in rows]}


def _insert(
    row: Exchange | Answer, content: dict[str, Any], body: bytes, guard: Guard | None = None
) -> int | None:
    """One row and its wrapped data key in one statement, which is a transaction: on the way of every request.

    None where the guard did not let it.
    """
    key = close(row, content, body)
    allowed, first = (guard.sql, guard.values) if guard else ("SELECT 1", ())
    permit = checkpoint.ALLOWED if isinstance(row, Exchange) else "SELECT 1"
    values = [getattr(row, field.attname) for field in _fields(type(row))]
    stored = run(_statement(type(row), allowed, permit), [*first, wrap(key), *values])
    return int(stored[0]) if stored else None


def _fields(model: type[Exchange | Answer]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name not in ("id", "data_key")]


@cache
def _statement(model: type[Exchange | Answer], allowed: str, permit: str) -> str:
    fields = _fields(model)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(f"CAST(%s AS {field.db_type(connection)})" for field in fields)
    wraps, table = DataKey._meta.db_table, model._meta.db_table
    return (
        f"WITH permit AS ({permit}), allowed AS ({allowed}), wrap AS (INSERT INTO {wraps} (wrapped)"  # noqa: S608
        f" SELECT CAST(%s AS bytea) FROM permit, allowed RETURNING id)"
        f" INSERT INTO {table} (data_key, {columns}) SELECT id, {values} FROM wrap RETURNING id"
    )


def _rows(data: Any) -> list[dict[str, Any]] | None:
    """The rows of a list answer, or None where the answer is no list."""
    if not isinstance(data, dict):
        return None
    lists = [value for value in data.values() if isinstance(value, list)]
    return [row for row in lists[0] if isinstance(row, dict)] if len(lists) == 1 else None


def _text(body: bytes) -> str | dict[str, str]:
    """The body as text where it is UTF-8, else as base64 so that no byte is lost."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
