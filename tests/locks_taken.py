"""Records which rows each transaction locks, in every database test; fails the one that breaks the order.

The order is that of partnerportal/records/locks. Every statement of the process passes here, the prepared
ones of kernel/statements too: psycopg's own `execute` is wrapped. A statement's locks are read from its text
(which table) and its answer (which rows: the columns say of which table they are); UPDATE and DELETE are made
to return their ids. Held rows may be locked again; rows that the transaction inserted itself, and what SKIP
LOCKED takes, wait for nobody.
"""

from __future__ import annotations

import re
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import pytest
from django.apps import apps
from django.db import connections
from django.db.transaction import Atomic

from partnerportal.records.locks import ORDER
from partnerportal.records.models import RECORDS

Row = tuple[int, str, int]  # place in the order, table, id
_WORK = ("records_import", "jobs_job", "delivery_plan", "delivery_planitem")
_LAST = ("delivery_delivery", "delivery_attempt", "accounts_apikey")
TABLES = (*_WORK, *(RECORDS[noun]._meta.db_table for noun in ORDER), *_LAST)
PLACES = {table: place for place, table in enumerate(TABLES)}
_KEYS = {model._meta.db_table: model._meta.pk.column for model in apps.get_models()}
# A plan's lines are its batch's, and are only locked by who holds that or skips what is locked.
_OF_A_HELD_ONE = {"delivery_planitem": "jobs_job"}

OURS = "/partnerportal/"  # whose locks count: what a test sets up by itself meets nobody

_LOCK = re.compile(
    r"FOR (?:NO KEY )?UPDATE(?: OF (?P<of>[\w\", ]+?))?(?P<skip> SKIP LOCKED| NOWAIT)?\s*(?=\)|$|;|,)", re.I
)
_UPDATE = re.compile(
    r"(?<!KEY )(?<!FOR )\bUPDATE\s+\"?(?P<table>\w+)\"?(?:\s+(?!SET\b)(?:AS\s+)?\"?\w+\"?)?\s+SET\b", re.I
)
_DELETE = re.compile(r"^\s*DELETE\s+FROM\s+\"?(?P<table>\w+)\"?", re.I)
_INSERT = re.compile(r"^\s*INSERT\s+INTO\s+\"?(?P<table>\w+)\"?", re.I)
_FROM = re.compile(
    r"(?:FROM|JOIN)\s+\"?(?P<table>\w+)\"?(?:\s+(?:AS\s+)?(?!(?:WHERE|ON|ORDER|INNER|LEFT|FOR)\b)\"?(?P<alias>\w+)\"?)?",
    re.I,
)
_ID = re.compile(r"(?:\"?\w+\"?\.)?\"?\bid\"?\s*=\s*(?P<value>%s|\d+)", re.I)
_BY_ID = re.compile(r"ORDER BY[^)]*?(?:\"id\"|\.id\b|\bid\b)|ORDER BY \d+ ASC", re.I)

# What pghistory puts before a statement: who acts.
_CONTEXT = re.compile(r"^\s*SELECT set_config\('pghistory\..*?;\s*", re.S)
_COLUMN = """
SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.oid = %s AND a.attnum = %s
"""


@dataclass
class Held:
    """What one transaction holds, and what it inserted itself."""

    rows: set[Row] = field(default_factory=set)
    own: set[tuple[str, int]] = field(default_factory=set)
    began: int = 0


class Recorder:
    """All connections of this process. `broken`: what a test did against the order, in sentences."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.seen = 0
        self._held: WeakKeyDictionary[Any, Held] = WeakKeyDictionary()
        self._names: dict[tuple[str, int, int], str] = {}
        self._guard = threading.Lock()

    def forget(self, connection: Any) -> None:
        self._held.pop(connection, None)

    def execute(self, original: Any, cursor: Any, query: Any, params: Any, **more: Any) -> Any:
        sql = query if isinstance(query, str) else ""
        start = _CONTEXT.sub("", sql, count=1).lstrip()[:6].upper()
        locks = bool(sql) and ("UPDATE" in sql or "DELETE" in sql or start == "INSERT")
        if not locks:
            return original(cursor, query, params, **more)
        if _is_alone(cursor.connection):
            self.forget(cursor.connection)  # a new transaction
        returned = _returning(sql)
        found = original(cursor, returned, params, **more)
        self._note(cursor, sql, params)
        if _is_alone(cursor.connection):
            self.forget(cursor.connection)
        return found

    def _note(self, cursor: Any, sql: str, params: Any) -> None:
        context = _CONTEXT.match(sql)
        if context:
            sql, params = sql[context.end() :], (params or ())[context[0].count("%s") :]
        with self._guard:
            held = self._held.setdefault(cursor.connection, Held())
        if cursor.connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
            return
        inserted = _INSERT.match(sql)
        if inserted:
            table = inserted["table"]
            held.own |= {(table, pk) for pk in self._answered(cursor, table) or ()}
            return
        for table, skips, told in _locked(sql, params):
            if table not in PLACES:
                continue  # hangs below a record, and who locks it locks nothing after it
            self.seen += 1
            rows = self._answered(cursor, table)
            rows = told if rows is None or (told is not None and not rows) else rows
            if rows is not None:
                self._take(held, table, rows, skips=skips, sql=sql)

    def _take(self, held: Held, table: str, rows: list[int], *, skips: bool, sql: str) -> None:
        place = PLACES[table]
        new = [pk for pk in rows if (place, table, pk) not in held.rows and (table, pk) not in held.own]
        if new and not skips and not self._excused(held, table):
            top = max(held.rows, default=None)
            if top is not None and top > (place, table, min(new)):
                held_so_far = [f"{name} {pk}" for _, name, pk in sorted(held.rows)]
                self._say(f"{table} {min(new)} is locked after {', '.join(held_so_far)}", sql)
            if len(new) > 1 and (not _BY_ID.search(sql) or new != sorted(new)):
                self._say(f"{len(new)} rows of {table} are locked in no order", sql)
        held.rows |= {(place, table, pk) for pk in new}

    @staticmethod
    def _excused(held: Held, table: str) -> bool:
        holder = _OF_A_HELD_ONE.get(table)
        owned = {name for name, _ in held.own} | {name for _, name, _ in held.rows}
        return holder is not None and holder in owned

    def _say(self, what: str, sql: str) -> None:
        frames = [f for f in traceback.extract_stack() if OURS in f.filename]
        if not frames:
            return
        place = " < ".join(f"{f.filename.rpartition(OURS)[2]}:{f.lineno}" for f in frames[::-1][:5])
        self.broken.append(f"{what}, at {place}: {' '.join(sql.split())[:120]}")

    def _answered(self, cursor: Any, table: str) -> list[int] | None:
        """The ids of the table's rows in the answer; None where no column is its id."""
        answer = cursor._results[-1] if cursor._results else cursor.pgresult
        if answer is None or answer.ntuples == 0:
            return None if answer is None or answer.nfields == 0 else []
        for column in range(answer.nfields):
            if (
                self._name(cursor, answer.ftable(column), answer.ftablecol(column))
                == f"{table}.{_KEYS.get(table, 'id')}"
            ):
                return [_number(answer, row, column) for row in range(answer.ntuples)]
        return None

    def _name(self, cursor: Any, oid: int, number: int) -> str:
        """The "table.column" that a column of an answer comes from, "" where it is computed."""
        known = (cursor.connection.info.dbname, oid, number)
        if oid and known not in self._names:
            with psycopg.Cursor(cursor.connection) as asking:
                EXECUTE(asking, _COLUMN, [oid, number])
                row = asking.fetchone()
            self._names[known] = str(row[0]) if row else ""
        return self._names.get(known, "")


def _is_alone(connection: Any) -> bool:
    """Whether a statement is a transaction of its own, also within the one that some tests are wrapped in."""
    if connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
        return True
    ours = connections["default"]
    return ours.connection is connection and _only_the_tests(ours)


def _only_the_tests(ours: Any) -> bool:
    return bool(ours.atomic_blocks) and all(getattr(b, "_from_testcase", False) for b in ours.atomic_blocks)


def _number(answer: Any, row: int, column: int) -> int:
    value = answer.get_value(row, column)
    return int.from_bytes(value, "big") if answer.fformat(column) == 1 else int(value)


def _returning(sql: str) -> str:
    """UPDATE and DELETE of Django's say which rows they changed."""
    found = re.match(r"^\s*(?:UPDATE|DELETE\s+FROM)\s+\"(\w+)\"", _CONTEXT.sub("", sql, count=1))
    return (
        f'{sql} RETURNING "{found[1]}"."{_KEYS[found[1]]}"'
        if found and found[1] in PLACES and "RETURNING" not in sql
        else sql
    )


def _locked(sql: str, params: Any) -> Iterator[tuple[str, bool, list[int] | None]]:
    """(table, whether it skips what is locked, ids named in the text) in the order of the text."""
    aliases = {(m["alias"] or m["table"]): m["table"] for m in _FROM.finditer(sql)}
    aliases |= {table: table for table in aliases.values()}
    first = next(iter(_FROM.finditer(sql)), None)
    for found in sorted(
        (*_LOCK.finditer(sql), *_UPDATE.finditer(sql), *_DELETE.finditer(sql)), key=lambda m: m.start()
    ):
        groups = found.groupdict()
        if "table" in groups:
            inner = "SKIP LOCKED" in sql
            after = sql[found.end() :]
            yield groups["table"], inner, _named(sql, after, found.end(), params)
            continue
        before = sql[: found.start()]
        start = max(before.rfind("("), 0)
        for name in (groups["of"] or "").replace('"', "").split(",") if groups["of"] else [None]:
            table = aliases.get(name.strip(), name.strip()) if name else (first["table"] if first else "")
            yield table, bool(groups["skip"]), _named(sql, before[start:], start, params)


def _named(sql: str, part: str, offset: int, params: Any) -> list[int] | None:
    """The id that a part of the text asks for by a parameter or a number."""
    found = _ID.search(part)
    if found is None:
        return None
    if found["value"] != "%s":
        return [int(found["value"])]
    place = sql[: offset + found.start("value")].count("%s")
    value = params[place] if params is not None and place < len(params) else None
    return [value] if isinstance(value, int) else None


RECORDER = Recorder()
EXECUTE = psycopg.Cursor.execute


@pytest.fixture(scope="session", autouse=True)
def locks_are_recorded() -> Iterator[None]:
    """Wraps psycopg's `execute`; and a transaction within a test's own one ends where the service's ends."""

    def execute(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        return RECORDER.execute(EXECUTE, self, query, params, **more)

    leave = Atomic.__exit__

    def ended(self: Any, *how: Any) -> None:
        try:
            leave(self, *how)
        finally:
            connection = connections[self.using or "default"]
            if not connection.atomic_blocks or _only_the_tests(connection):
                RECORDER.forget(connection.connection)

    patch = pytest.MonkeyPatch()
    patch.setattr(psycopg.Cursor, "execute", execute)
    patch.setattr(Atomic, "__exit__", ended)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def locks_in_order(locks_are_recorded: None) -> Iterator[None]:
    """Fails the test whose code, in whichever thread, locked rows against the order."""
    RECORDER.broken.clear()
    yield
    broken = sorted(set(RECORDER.broken))
    RECORDER.broken.clear()
    if broken:
        pytest.fail("locks taken against the order of records/locks:\n" + "\n".join(broken), pytrace=False)
