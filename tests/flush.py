"""The flush of transactional tests: lifts the append-only triggers for itself, brings back migrated rows.

Django empties all tables after such a test. The audit's triggers forbid that (TRUNCATE included), so they are
off within the flush's own transaction; and what migrations put in (roles, permissions) is put in again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations

SEED = "seed_of_tests"
_TRIGGERS = """
    SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgname LIKE 'audit_append_only%%' AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    AND c.relnamespace = 'public'::regnamespace
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'django_migrations'"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep a copy of every row that migrations made, in a schema of its own."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SEED} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SEED}")
        for table in _tables(cursor, "public"):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM public."{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {SEED}."{table}" AS TABLE public."{table}"')


@pytest.fixture(scope="session", autouse=True)
def flush_that_keeps_the_seed() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    original = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, statements: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute(_TRIGGERS)
            lifted = cursor.fetchall()
            for table, trigger, _ in lifted:
                cursor.execute(f'ALTER TABLE public."{table}" DISABLE TRIGGER "{trigger}"')
            original(self, statements)
            _bring_back(cursor)
            for table, trigger, state in lifted:
                always = "ALWAYS " if state == "A" else ""
                cursor.execute(f'ALTER TABLE public."{table}" ENABLE {always}TRIGGER "{trigger}"')

    patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
    yield
    patch.undo()


def _tables(cursor: Any, schema: str) -> list[str]:
    cursor.execute(_TABLES, [schema])
    return [row[0] for row in cursor.fetchall()]


def _bring_back(cursor: Any) -> None:
    """Foreign keys and history triggers are asleep meanwhile: the rows are the ones that stood there."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    for table in _tables(cursor, SEED):
        cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {SEED}."{table}"')
    cursor.execute("SET LOCAL session_replication_role = origin")
