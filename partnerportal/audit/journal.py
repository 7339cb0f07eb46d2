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
from partnerportal.audit.sealed import Closed, close
from partnerportal.kernel import correlation
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
        closed = close(
            {
                "url": request.full_url,
                "headers": redaction.headers(request.headers, self.fingerprint),
                "body": _text(request.body),
            },
            request.body,
        )
        return _insert(
            Exchange,
            closed,
            self.guard,
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

    def close(self, exchange_id: int, reply: Reply) -> None:
        """Insert the Answer. A second one for an exchange is refused by the database and changes nothing."""
        crash_point("answer_received")
        try:
            _insert(
                Answer,
                close(self._content(reply), reply.body),
                None,
                exchange=exchange_id,
                seconds=reply.seconds,
                status=reply.status,
                outcome=str(reply.outcome),
                reason=reply.reason,
            )
        except IntegrityError:
            return
        crash_point("answer_committed")

    def _content(self, reply: Reply) -> dict[str, Any]:
        headers = redaction.headers(reply.headers, self.fingerprint)
        rows = None if self.keep_lists else _rows(reply.data)
        if rows is None:
            masked = redaction.without_secret(reply.data)
            return {"headers": headers, "body": masked or _text(reply.body)}
        return {"headers": headers, "count": len(rows), "ids": [row.get("id") for row in rows]}


def _insert(model: type[Exchange | Answer], closed: Closed, guard: Guard | None, **values: Any) -> int | None:
    """One row and its wrapped data key in one statement, which is a transaction: on the way of every request.

    None where the guard did not let it.
    """
    known = {**values, "content": closed.content, "content_digest": closed.content_digest}
    known["body_digest"] = closed.body_digest
    allowed, first = (guard.sql, guard.values) if guard else ("SELECT 1", ())
    permit = checkpoint.ALLOWED if model is Exchange else "SELECT 1"
    row = run(_statement(model, tuple(known), allowed, permit), [*first, closed.wrapped, *known.values()])
    return int(row[0]) if row else None


@cache
def _statement(model: type[Exchange | Answer], names: tuple[str, ...], allowed: str, permit: str) -> str:
    fields = {field.name: field for field in model._meta.concrete_fields}
    columns = ", ".join(f'"{fields[name].column}"' for name in names)
    values = ", ".join(f"CAST(%s AS {fields[name].db_type(connection)})" for name in names)
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
