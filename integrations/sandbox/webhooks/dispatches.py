"""The queue of events to be sent: rows in the store, so that a restart loses none and may repeat one.

Imports storage types only.
"""

import sqlite3
from dataclasses import astuple, dataclass, replace
from typing import Any

STATES = ("pending", "sent", "failed", "lost", "cancelled")
COLUMNS = ("id", "event", "endpoint", "state", "due", "attempts", "manner", "status", "said", "sent_at")
OF_EVENT = ("event_type", "account", "resource", "record_id", "body")
NAMES = ", ".join([*(f"d.{name}" for name in COLUMNS), *(f"e.{name}" for name in OF_EVENT)])
JOINED = "from dispatches d join events e on e.id = d.event"
QUEUED = f"select d.id, d.endpoint, d.due, e.body, d.manner, d.attempts {JOINED}"


@dataclass(frozen=True)
class Event:
    """What happened to which record, and the JSON text that says so."""

    id: int
    account: int
    event_type: str
    resource: str
    record_id: int
    body: str


@dataclass
class Dispatch:
    """One event on its way to one endpoint. `due` in seconds since 1970; `manner`: how it is forged."""

    id: int
    endpoint: int
    due: float
    body: str
    manner: str = ""
    attempts: int = 0
    early: bool = False

    def __lt__(self, other: "Dispatch") -> bool:
        return (self.due, self.id) < (other.due, other.id)


def add_event(tx: sqlite3.Connection, event: Event) -> None:
    tx.execute("insert into events values (?, ?, ?, ?, ?, ?)", astuple(event))


def add(
    tx: sqlite3.Connection, event_id: int, endpoint: int, state: str, due: float, manner: str = ""
) -> int:
    sql = "insert into dispatches (event, endpoint, state, due, attempts, manner) values (?, ?, ?, ?, 0, ?)"
    return int(tx.execute(sql, (event_id, endpoint, state, due, manner)).lastrowid or 0)


def settle(
    tx: sqlite3.Connection, dispatch: Dispatch, state: str, status: int | None, said: str, at: str
) -> None:
    """What came of an attempt; still pending where another is to follow."""
    sql = (
        "update dispatches set state = ?, due = ?, attempts = ?, status = ?, said = ?, sent_at = ?"
        " where id = ?"
    )
    tx.execute(sql, (state, dispatch.due, dispatch.attempts, status, said, at, dispatch.id))


def pending(tx: sqlite3.Connection) -> list[Dispatch]:
    return [Dispatch(*row) for row in tx.execute(f"{QUEUED} where d.state = 'pending' order by d.id")]


def again(tx: sqlite3.Connection, numbers: list[int] | None, now: float) -> list[Dispatch]:
    """Back into the queue: these, or all that never arrived; never one that is in it."""
    chosen = "d.state in ('failed', 'lost', 'cancelled')"
    if numbers is not None:
        chosen = f"d.state <> 'pending' and d.id in ({', '.join(str(int(one)) for one in numbers)})"
    found = [Dispatch(*row) for row in tx.execute(f"{QUEUED} where {chosen} order by d.id")]
    renewed = "update dispatches set state = 'pending', attempts = 0, due = ? where id = ?"
    tx.executemany(renewed, [(now, one.id) for one in found])
    return [replace(one, due=now, attempts=0) for one in found]


def counts(tx: sqlite3.Connection) -> dict[str, int]:
    return dict(tx.execute("select state, count(*) from dispatches group by state"))


def since(tx: sqlite3.Connection, number: int, state: str | None) -> list[dict[str, Any]]:
    """All after a number, as objects; `state` narrows them."""
    sql = f"select {NAMES} {JOINED} where d.id > ? and (? is null or d.state = ?) order by d.id"
    rows = tx.execute(sql, (number, state, state))
    return [dict(zip((*COLUMNS, *OF_EVENT), row, strict=True)) for row in rows]


def events(tx: sqlite3.Connection, first: int, last: int) -> list[Event]:
    """The events between two ids, both included."""
    return [Event(*row) for row in tx.execute("select * from events where id between ? and ?", (first, last))]
