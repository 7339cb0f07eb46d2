"""Records in the store: a JSON document and the columns that lists need. Imports store types only."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox.messages import Document

COLUMNS = "resource, id, account, enterprise_id, hidden, document"


@dataclass(frozen=True)
class Record:
    """One row; `hidden` keeps it out of lists (a soft delete). The document holds no id of its own."""

    resource: str
    id: int
    account: int
    enterprise_id: int | None
    document: Document = field(default_factory=dict)
    hidden: bool = False

    def owner_value(self, name: str) -> Any:
        """A column by name, else an attribute: what a sub-collection is matched by."""
        return getattr(self, name) if name in {"id", "account", "enterprise_id"} else self.document.get(name)


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def later_than(previous: str | None) -> str:
    """Now, in milliseconds, and in any case later than `previous`: no update leaves updated_at as it was."""
    now = instant(datetime.now(UTC))
    if previous is None or now > previous:
        return now
    return instant(datetime.fromisoformat(previous) + timedelta(milliseconds=1))


def next_id(tx: sqlite3.Connection, resource: str) -> int:
    sql = "update sequences set last = last + 1 where resource = ? returning last"
    return int(tx.execute(sql, (resource,)).fetchall()[0][0])


def write(tx: sqlite3.Connection, record: Record) -> None:
    """Insert or replace, with created_at and updated_at as the document has them."""
    tx.execute(
        f"insert or replace into records ({COLUMNS}, updated_at) values (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            record.resource,
            record.id,
            record.account,
            record.enterprise_id,
            record.hidden,
            json.dumps(record.document, ensure_ascii=False, separators=(",", ":")),
            record.document["updated_at"],
        ),
    )


def find(tx: sqlite3.Connection, resource: str, record_id: int) -> Record | None:
    sql = f"select {COLUMNS} from records where resource = ? and id = ?"  # noqa: S608
    row = tx.execute(sql, (resource, record_id)).fetchone()
    return read(row) if row else None


def remove(tx: sqlite3.Connection, record: Record) -> None:
    tx.execute("delete from records where resource = ? and id = ?", (record.resource, record.id))


def every(tx: sqlite3.Connection, resource: str) -> Iterator[Record]:
    """All of a resource, hidden ones too, in order of id."""
    sql = f"select {COLUMNS} from records where resource = ? order by id"  # noqa: S608
    return map(read, tx.execute(sql, (resource,)).fetchall())


def children(tx: sqlite3.Connection, resource: str, attribute: str, record_id: int) -> list[Record]:
    """All of a resource whose attribute names the record, hidden ones too, in order of id; by an index."""
    sql = (
        f"select {COLUMNS} from records where resource = ?"  # noqa: S608
        f" and json_extract(document, '$.{attribute}') = ? order by id"
    )
    return [read(row) for row in tx.execute(sql, (resource, record_id)).fetchall()]


def newest(tx: sqlite3.Connection, resource: str) -> int | None:
    """The highest id of a resource that lists show."""
    row = tx.execute("select max(id) from records where resource = ? and not hidden", (resource,)).fetchone()
    return int(row[0]) if row[0] is not None else None


def counts(tx: sqlite3.Connection) -> dict[str, int]:
    return dict(tx.execute("select resource, count(*) from records group by resource"))


def read(row: tuple[Any, ...]) -> Record:
    resource, record_id, account, enterprise_id, hidden, document = row
    return Record(resource, record_id, account, enterprise_id, json.loads(document), bool(hidden))
