"""The services' role can't touch what happened: audit, wrapped keys and history are added to, and read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pghistory
import pytest
from django.db import DatabaseError, connection, transaction

from partnerportal.kernel.grants import GrantError, ServiceRole, grant_service_role, tables
from partnerportal.kernel.rights import RIGHTS
from tests.cast import make_enterprise, make_patient
from tests.owner import as_owner

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
        return "permission denied" in str(error) or "dated by the database" in str(error)
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
    """It gives a history row its time, and refuses an audit row with another than that of now."""
    began = datetime.now().astimezone()
    backdated = []
    for table in evidence():
        column = TIMES.get(table, "pgh_created_at")
        if table in TIMES and table != "audit_data_key":
            backdated += [] if refused(dated_2020(table)) else [table]
        elif table != "audit_data_key":
            at = ask(f'{dated_2020(table)} RETURNING "{column}"')[0][0]
            backdated += [f"{table}.{column} {at:%Y}"] if at < began else []
    assert backdated == []


def test_a_history_row_that_a_trigger_writes_is_dated_too_and_who_did_it_is_settled_after_a_day() -> None:
    began = datetime.now().astimezone()
    with pghistory.context(actor="user:anna"):
        patient = make_patient(make_enterprise())
    (at, context), *_ = ask("SELECT pgh_created_at, pgh_context_id FROM records_patientevent")
    assert at >= began
    rewritten = 'UPDATE pghistory_context SET metadata = \'{"actor": "user:mallory"}\''
    assert refused("DELETE FROM pghistory_context")
    assert refused("UPDATE pghistory_context SET created_at = now()")
    as_owner("UPDATE pghistory_context SET created_at = now() - interval '25 hours' WHERE id = %s", context)
    with pytest.raises(DatabaseError, match="settled"), transaction.atomic():
        ask(rewritten)
    assert patient.pk


def test_the_role_has_the_rights_that_the_table_says_and_no_others() -> None:
    """Effective ones, whatever they come from: own, PUBLIC's, another role's."""
    wrong = []
    for table in tables():
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
            whole = bool(re.search(rf"\b{right}\b(?! \()", RIGHTS[table]))
            part = ", ".join(["SELECT", "INSERT", "UPDATE", "REFERENCES"])
            has = ask("SELECT has_table_privilege(%s, %s)", table, right)[0][0]
            some = right in part and ask("SELECT has_any_column_privilege(%s, %s)", table, right)[0][0]
            if (has, has or some) != (whole, right in RIGHTS[table]):
                wrong.append((table, right))
    assert wrong == []


def test_each_table_of_the_rights_exists() -> None:
    assert sorted(set(RIGHTS) - set(tables())) == [], "take these out of partnerportal/kernel/rights.py"


def test_sequences_hand_out_the_next_number_and_nothing_else() -> None:
    found = ask("SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace")
    more = [
        (name, right)
        for (name,) in found
        for right in ("SELECT", "UPDATE")
        if ask("SELECT has_sequence_privilege(%s, %s)", name, right)[0][0]
    ]
    assert len(found) > 50
    assert more == []


def test_a_new_table_is_closed_and_the_grants_stop_at_it() -> None:
    as_owner("CREATE TABLE made_later (id bigserial PRIMARY KEY)")
    assert refused("SELECT * FROM made_later")
    assert refused("SELECT nextval('made_later_id_seq')")
    with pytest.raises(GrantError, match="may do with made_later: add each to RIGHTS"):
        grant_service_role(ServiceRole("another", "word"))


def test_the_role_makes_nothing_and_lifts_nothing() -> None:
    for statement in (
        "CREATE TABLE of_mine ()",
        "CREATE SCHEMA of_mine",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SET log_statement = 'all'",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "DROP FUNCTION audit_append_only CASCADE",
    ):
        with (
            pytest.raises(DatabaseError, match=r"permission (denied|to)|must be owner"),
            transaction.atomic(),
        ):
            ask(statement)
