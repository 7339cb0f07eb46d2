"""The SQLite file that holds everything: one connection, one lock, one transaction a request.

Imports the resources' names only, to number them.
"""

import fcntl
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integrations.sandbox.resources import RESOURCES

SCHEMA = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists accounts (id integer primary key, name text not null unique);
create table if not exists keys (key text primary key, account integer not null, revoked integer not null);
create table if not exists sequences (resource text primary key, last integer not null);
create table if not exists records (
    resource text not null, id integer not null, account integer not null, enterprise_id integer,
    hidden integer not null, updated_at text not null, document text not null, unique (resource, id));
create index if not exists records_of_account on records (resource, account, hidden, id);
create index if not exists records_of_enterprise on records (resource, account, enterprise_id, hidden, id);
create index if not exists records_by_change on records (resource, account, hidden, updated_at, id);
create index if not exists records_of_patient
    on records (resource, json_extract(document, '$.patient_id'), id)
    where json_extract(document, '$.patient_id') is not null;
create index if not exists records_of_invoice
    on records (resource, json_extract(document, '$.invoice_id'), id)
    where json_extract(document, '$.invoice_id') is not null;
create index if not exists records_of_payment
    on records (resource, json_extract(document, '$.payment_id'), id)
    where json_extract(document, '$.payment_id') is not null;
create index if not exists records_of_applied
    on records (resource, json_extract(document, '$.invoice_payment_id'), id)
    where json_extract(document, '$.invoice_payment_id') is not null;
create table if not exists signers (endpoint integer primary key, key_fingerprint text);
create table if not exists events (
    id integer primary key autoincrement, at real not null, event_type text not null, resource text not null,
    record_id integer not null, account integer not null, enterprise_id integer, document text not null);
insert into sqlite_sequence select 'events', 4800 where not exists
    (select 1 from sqlite_sequence where name = 'events');
create table if not exists dispatches (
    id integer primary key autoincrement, event integer not null, endpoint integer not null,
    state text not null, due real not null, attempts integer not null, manner text not null,
    status integer, said text, sent_at text);
create index if not exists dispatches_by_state on dispatches (state);
create table if not exists requests (
    id integer primary key autoincrement, at text not null, key_fingerprint text, method text not null,
    path text not null, query text not null, operation text, body text not null, body_sha256 text not null,
    correlation_id text, status integer, fault text, resource text, record_id integer);
"""


class StateInUseError(Exception):
    """Another sandbox runs on this state folder."""


def _contains(text: str | None, part: str) -> bool:
    return text is not None and part.casefold() in str(text).casefold()


class Store:
    """Owns the connection. `transaction()` is the only way to it; a write-ahead log survives `kill -9`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._claim = (folder / "sandbox.lock").open("w")
        try:
            fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateInUseError(f"another sandbox is running on {folder}") from None
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            folder / "sandbox.sqlite3", isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=normal")
        self._connection.executescript(SCHEMA)
        self._connection.create_function("contains", 2, _contains, deterministic=True)
        with self.transaction() as tx:
            starts = [(one.name, one.first_id - 1) for one in RESOURCES.values()]
            tx.executemany(
                "insert or ignore into sequences values (?, ?)",
                [*starts, ("external_ids", 0)],
            )
            tx.execute("insert or ignore into facts values ('instance', ?)", (uuid.uuid4().hex,))
            row = tx.execute("select value from facts where name = 'instance'").fetchone()
        self.instance: str = row[0]

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, one at a time."""
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    def wipe(self, *, new_instance: bool) -> None:
        """Forget records and requests. Keys stay, and ids go on: no id ever means two things."""
        with self.transaction() as tx:
            for table in ("records", "requests", "signers", "events", "dispatches"):
                tx.execute(f"delete from {table}")  # noqa: S608
            if new_instance:
                self.instance = uuid.uuid4().hex
                tx.execute("update facts set value = ? where name = 'instance'", (self.instance,))

    def close(self) -> None:
        with self._lock:
            self._connection.close()
