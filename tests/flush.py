"""The flush of transactional tests: done by the owner, and brings back migrated rows.

Django empties all tables after such a test, which neither the services' role may nor the audit's triggers
allow; and what migrations put in (roles, permissions) is put in again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.owner import as_owner

SEED = "seed_of_tests"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
_KEEP = f"""
CREATE SCHEMA {SEED};
DO $$
DECLARE
    of_ours text;
    filled boolean;
BEGIN
    FOR of_ours IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'django_migrations'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', of_ours) INTO filled;
        IF filled THEN EXECUTE format('CREATE TABLE {SEED}.%I AS TABLE public.%I', of_ours, of_ours); END IF;
    END LOOP;
END $$;
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep a copy of every row that migrations made, in a schema of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        as_owner(_KEEP)


@pytest.fixture(scope="session", autouse=True)
def flush_that_keeps_the_seed() -> Iterator[None]:
    patch = pytest.MonkeyPatch()

    def flush(self: DatabaseOperations, statements: list[str]) -> None:
        """Foreign keys and triggers are asleep for the owner: the rows are the ones that stood there."""
        with transaction.atomic(using=self.connection.alias):
            for statement in statements:
                as_owner(statement)
            for table in _tables(SEED):
                as_owner(f'INSERT INTO public."{table}" SELECT * FROM {SEED}."{table}"')
        # The database begins anew, its sequences may too: the checkpoint of before would call it behind.
        Path(urlsplit(settings.CHECKPOINT_URL).path).unlink(missing_ok=True)

    patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
    yield
    patch.undo()


def _tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [schema])
        return [row[0] for row in cursor.fetchall()]
