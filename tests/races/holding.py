"""A thread that is held at one spot of its way, while somebody else acts.

Spots are the crash points ("settled:2": the second time) and, within the transactions between them, the
statements that take locks ("settled:2+3": the third one after that point).
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections

from partnerportal.kernel.crash import hook_points

LOCKS = re.compile(
    r"\bFOR (NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)\b|\bUPDATE\s|\bINSERT INTO\b|\bDELETE FROM\b"
)
LONGEST = 20.0  # seconds for which anybody waits for anybody here
BLOCKED = "SELECT cardinality(pg_blocking_pids(%s)) > 0"


class Follower:
    """Follows a thread along its way, and holds it at the spot `at`."""

    def __init__(self, at: str = "") -> None:
        self.at, self.spots = at, list[str]()
        self.reached, self.go = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None
        self._times, self._last, self._locks = Counter[str](), "start", 0

    def point(self, name: str) -> None:
        if threading.current_thread() is self.thread:
            self._times[name] += 1
            self._last, self._locks = f"{name}:{self._times[name]}", 0
            self._here(self._last)

    def statement(self, sql: Any) -> None:
        if threading.current_thread() is not self.thread or not isinstance(sql, str):
            return
        if connection.in_atomic_block and LOCKS.search(sql):
            self._locks += 1
            self._here(f"{self._last}+{self._locks}")

    def _here(self, spot: str) -> None:
        self.spots.append(spot)
        if spot == self.at:
            self.reached.set()
            self.go.wait(LONGEST)


class Doer:
    """A thread with a connection of its own that does one thing; `error`: what it raised."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.error: BaseException | None = None
        self.backend = 0
        self._work = work
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            self._work()
        except BaseException as error:
            self.error = error
        finally:
            connections.close_all()

    def start(self) -> None:
        self.thread.start()

    def ended(self, seconds: float = LONGEST) -> bool:
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def ended_or_blocked(self) -> bool:
        """Wait until it has ended, or waits for a lock that another transaction holds; whether it ended."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            if self.ended(0.004):
                return True
            if self.backend:
                with connection.cursor() as cursor:
                    cursor.execute(BLOCKED, [self.backend])
                    if cursor.fetchone()[0]:
                        return False
        return False


@contextmanager
def followed(follower: Follower) -> Iterator[None]:
    """While this lasts, the follower is told of each point and each statement of any thread."""
    execute = psycopg.Cursor.execute

    def told(self: Any, query: Any, *values: Any, **more: Any) -> Any:
        done = execute(self, query, *values, **more)
        follower.statement(query)
        return done

    psycopg.Cursor.execute = told  # type: ignore[method-assign]
    hook_points(follower.point)
    try:
        yield
    finally:
        hook_points()
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def way_of(work: Callable[[], Any]) -> list[str]:
    """The spots that `work` passes when nobody interferes."""
    follower = Follower()
    walker = Doer(work)
    follower.thread = walker.thread
    with followed(follower):
        walker.start()
        assert walker.ended(), "it never ended"
    if walker.error is not None:
        raise walker.error
    return follower.spots


def meet(work: Callable[[], Any], at: str, act: Callable[[], Any]) -> tuple[bool, list[BaseException]]:
    """`work` is held at the spot, `act` is done meanwhile, `work` goes on; whether they met, and the errors.

    An act that waits for a lock of the held one is done when that goes on.
    """
    follower = Follower(at)
    walker, actor = Doer(work), Doer(act)
    follower.thread = walker.thread
    with followed(follower):
        walker.start()
        while not follower.reached.wait(0.002) and walker.thread.is_alive():
            pass
        met = follower.reached.is_set()
        actor.start()
        actor.ended_or_blocked()
        follower.go.set()
        stuck = [name for name, one in (("worker", walker), ("person", actor)) if not one.ended()]
    errors = [one.error for one in (walker, actor) if one.error is not None]
    return met, [*errors, *[TimeoutError(f"the {name} never ended") for name in stuck]]
