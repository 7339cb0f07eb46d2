"""Events and the queue of their sending: rows in the store, so that a restart loses none and may repeat one.

Imports storage types only.
"""

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

STATES = ("pending", "sent", "failed", "lost", "cancelled")
COLUMNS = ("id", "event", "endpoint", "state", "due", "attempts", "manner", "status", "said", "sent_at")
OF_EVENT = ("id", "at", "event_type", "resource", "record_id", "account", "enterprise_id", "document")
QUEUED = "select id, event, endpoint, due, manner, attempts from dispatches"


@dataclass(frozen=True)
class Event:
    """What happened to which record, and the record's document as it was then.

    `at` in seconds since 1970; `document` as JSON text.
    """

    id: int
    at: float
    event_type: str
    resource: str
    record_id: int
    account: int
    enterprise_id: int | None
    document: str


@dataclass
class Dispatch:
    """One event on its way to one endpoint. `due` in seconds since 1970; `manner`: how it is forged."""

    id: int
    event: int
    endpoint: int
    due: float
    manner: str = ""
    attempts: int = 0
    early: bool = False

    def __lt__(self, other: "Dispatch") -> bool:
        return (self.due, self.id) < (other.due, other.id)


def add_event(tx: sqlite3.Connection, at: float, event_type: str, resource: str, record_id: int) -> int:
    """The event of a record as it stands; its id. Copied inside the store, since requests wait for this."""
    sql = (
        "insert into events (at, event_type, resource, record_id, account, enterprise_id, document)"
        " select ?, ?, resource, id, account, enterprise_id, document from records"
        " where resource = ? and id = ?"
    )
    return int(tx.execute(sql, (at, event_type, resource, record_id)).lastrowid or 0)


def add_aged(tx: sqlite3.Connection, event: Event, at: float, document: str) -> int:
    """An event like another, of another time; its id."""
    sql = (
        "insert into events (at, event_type, resource, record_id, account, enterprise_id, document)"
        " values (?, ?, ?, ?, ?, ?, ?)"
    )
    about = (event.event_type, event.resource, event.record_id, event.account, event.enterprise_id)
    return int(tx.execute(sql, (at, *about, document)).lastrowid or 0)


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
    return [Dispatch(*row) for row in tx.execute(f"{QUEUED} where state = 'pending' order by id")]


def again(tx: sqlite3.Connection, numbers: list[int] | None, now: float) -> list[Dispatch]:
    """Back into the queue: these, or all that never arrived; never one that is in it."""
    chosen = "state in ('failed', 'lost', 'cancelled')"
    if numbers is not None:
        chosen = f"state <> 'pending' and id in ({', '.join(str(int(one)) for one in numbers)})"
    found = [Dispatch(*row) for row in tx.execute(f"{QUEUED} where {chosen} order by id")]
    renewed = "update dispatches set state = 'pending', attempts = 0, due = ? where id = ?"
    tx.executemany(renewed, [(now, one.id) for one in found])
    return [replace(one, due=now, attempts=0) for one in found]


def counts(tx: sqlite3.Connection) -> dict[str, int]:
    return dict(tx.execute("select state, count(*) from dispatches group by state"))


def since(tx: sqlite3.Connection, number: int, state: str | None) -> list[dict[str, Any]]:
    """All after a number, as objects; `state` narrows them."""
    sql = (
        f"select {', '.join(COLUMNS)} from dispatches"  # noqa: S608
        " where id > ? and (? is null or state = ?) order by id"
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in tx.execute(sql, (number, state, state))]


def events(tx: sqlite3.Connection, first: int, last: int) -> list[Event]:
    """The events between two ids, both included."""
    sql = f"select {', '.join(OF_EVENT)} from events where id between ? and ? order by id"  # noqa: S608
    return [Event(*row) for row in tx.execute(sql, (first, last))]
