"""What a process commits and sends: between two such moments in a row there has to be a crash point.

A worker can die between any two commits, and between a commit and a request. Where no crash point stands
there, no journey kills it there. So every journey's worker is watched: a new commit without a point fails.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from integrations.inboxhealth.transport import Transport
from partnerportal.kernel.crash import hook_points

WRITES = re.compile(r"\bINSERT INTO\b|\bDELETE FROM\b|\bUPDATE\s+\S+(\s+\w+)?\s+SET\b")


class Recorder:
    """One thread's commits and requests; `unnamed`: two in a row between which no crash point was passed."""

    def __init__(self) -> None:
        self.unnamed: list[str] = []
        self._thread, self._before, self._written = threading.get_ident(), "", set[int]()

    def point(self, name: str) -> None:
        if threading.get_ident() == self._thread:
            self._before = ""

    def moment(self, what: str) -> None:
        if threading.get_ident() != self._thread:
            return
        if self._before:
            self.unnamed.append(f"{self._before}, then {what}")
        self._before = what

    def statement(self, cursor: Any, query: Any) -> None:
        """A statement outside a transaction is one of its own; within one it waits for the commit."""
        if not (isinstance(query, str) and WRITES.search(query) and cursor.rowcount > 0):
            return
        if cursor.connection.info.transaction_status == TransactionStatus.IDLE:
            self.moment(f"a commit at {_place()}")
        else:
            self._written.add(id(cursor.connection))

    def end(self, connection: Any, *, committed: bool) -> None:
        if id(connection) in self._written:
            self._written.discard(id(connection))
            if committed:
                self.moment(f"a commit at {_place()}")


def _place() -> str:
    """The innermost line of the portal's own that led here, but not one that every statement passes."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if "/partnerportal/" in name and not name.endswith(("kernel/statements.py", "delivery/rows.py")):
            return f"{name.rpartition('/partnerportal/')[2]}:{frame.f_lineno}"
        frame = frame.f_back
    return "a place of the tests"


@contextmanager
def recorded() -> Iterator[list[str]]:
    """What is unnamed of what this thread does meanwhile."""
    recorder = Recorder()
    execute, commit, rollback = psycopg.Cursor.execute, psycopg.Connection.commit, psycopg.Connection.rollback
    send = Transport.send

    def told_execute(self: Any, query: Any, *values: Any, **more: Any) -> Any:
        done = execute(self, query, *values, **more)
        recorder.statement(self, query)
        return done

    def told_commit(self: Any) -> None:
        commit(self)
        recorder.end(self, committed=True)

    def told_rollback(self: Any) -> None:
        rollback(self)
        recorder.end(self, committed=False)

    def told_send(self: Any, request: Any, *values: Any, **more: Any) -> Any:
        recorder.moment(f"a request {request.operation.name}")
        return send(self, request, *values, **more)

    psycopg.Cursor.execute, psycopg.Connection.commit = told_execute, told_commit  # type: ignore[method-assign]
    psycopg.Connection.rollback, Transport.send = told_rollback, told_send  # type: ignore[method-assign]
    hook_points(recorder.point)
    try:
        yield recorder.unnamed
    finally:
        hook_points()
        psycopg.Cursor.execute, psycopg.Connection.commit = execute, commit  # type: ignore[method-assign]
        psycopg.Connection.rollback, Transport.send = rollback, send  # type: ignore[method-assign]
