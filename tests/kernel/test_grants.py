"""The services' role can't touch what happened: audit, wrapped keys and history are added to, and read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db
# The column that says when, by table; a history table's is pgh_created_at.
TIMES = {"audit_exchange": "started_at", "audit_answer": "answered_at", "audit_entry": "at"}
_OF_TYPE = {
    "varchar": "''", "text": "''", "int2": "0", "int4": "0", "int8": "0", "float8": "0", "numeric": "0",
    "bool": "false", "date": "'2020-01-01'", "timestamptz": "'2020-01-01'", "time": "'00:00'",
    "jsonb": "'{}'", "bytea": "''", "inet": "'::1'", "_varchar": "'{}'", "_text": "'{}'", "_int4": "'{}'",
    "uuid": "gen_random_uuid()",
}  # fmt: skip


def ask(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def evidence() -> list[str]:
    """Tables of the audit, of its wrapped keys, and of history."""
    of_history = "SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_created_at'"
    return sorted([*TIMES, "audit_data_key", *(str(row[0]) for row in ask(of_history))])


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def columns(table: str) -> dict[str, str]:
    """Name and type of each column, the key's first."""
    found = ask(
        "SELECT attname, typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        table,
    )
    return {str(name): str(kind) for name, kind in found}


def key(table: str) -> str:
    return "pgh_id" if table.endswith("event") else "id"


def dated_2020(table: str, *, with_key: bool = False) -> str:
    wanted = {name: _OF_TYPE[kind] for name, kind in columns(table).items() if with_key or name != key(table)}
    names = ", ".join(f'"{name}"' for name in wanted)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(wanted.values())})"


def test_nothing_that_happened_can_be_changed_removed_or_renumbered() -> None:
    allowed = []
    for table in evidence():
        sequence = ask("SELECT pg_get_serial_sequence(%s, %s)", table, key(table))[0][0]
        attempts = [
            f'UPDATE {table} SET "{name}" = "{name}"' for name in columns(table)
        ] + [
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            f"SELECT setval('{sequence}', 1)",
            f"SELECT 1 FROM {table} FOR UPDATE",
            dated_2020(table, with_key=True),
        ]  # fmt: skip
        allowed += [attempt[:70] for attempt in attempts if not refused(attempt)]
    assert len(evidence()) >= 15
    assert allowed == []


def test_the_database_says_when_something_happened() -> None:
    began = datetime.now().astimezone()
    backdated = []
    for table in evidence():
        column = TIMES.get(table, "pgh_created_at")
        if table != "audit_data_key":
            at = ask(f'{dated_2020(table)} RETURNING "{column}"')[0][0]
            backdated += [f"{table}.{column} {at:%Y}"] if at < began else []
    assert backdated == []
