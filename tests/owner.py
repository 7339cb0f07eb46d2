"""Tests run as the services' role, as a deployment does; here is what only the owner of the tables may do.

The test database is made and migrated by the owner, who leaves a function in it: `as_owner` runs a statement
with the owner's rights in the test's own transaction, with all triggers asleep unless told otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.db import connection, models

from partnerportal.kernel.grants import ServiceRole, grant_service_role
from partnerportal.local.locks import exclusively

SCHEMA = "of_the_tests"
_DOOR = f"""
CREATE SCHEMA {SCHEMA};
GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC;
CREATE FUNCTION {SCHEMA}.as_owner(statement text, asleep boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF asleep THEN PERFORM set_config('session_replication_role', 'replica', true); END IF;
    EXECUTE statement;
    PERFORM set_config('session_replication_role', 'origin', true);
END $$;
"""


def as_owner(statement: str, *values: Any, asleep: bool = True) -> None:
    """Run it with the owner's rights; returns nothing. Raises what the statement raises."""
    with connection.cursor() as cursor:
        whole = connection.ops.compose_sql(statement, values) if values else statement
        cursor.execute(f"SELECT {SCHEMA}.as_owner(%s, %s)", [whole, asleep])


def dated(row: models.Model, **columns: datetime) -> None:
    """Give an audit row another time than the database did: no one else can."""
    for column, at in columns.items():
        as_owner(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", at, row.pk)
        setattr(row, column, at)


@contextmanager
def owning() -> Iterator[None]:
    """The test's connection is the owner's for the block, as an owner's command has it. In no transaction."""
    _connect_as(settings.DATABASE_URL)
    try:
        yield
    finally:
        _connect_as(settings.SERVICE_DATABASE_URL)


def _connect_as(address: str) -> None:
    parts = urlsplit(address)
    assert parts.username and parts.password
    connection.close()
    connection.settings_dict.update(USER=unquote(parts.username), PASSWORD=unquote(parts.password))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Before pytest-django makes the database: as its owner."""
    _connect_as(settings.DATABASE_URL)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """From here on the connection is the services'; the owner comes back to drop the database."""
    with django_db_blocker.unblock():
        # One server, one role: the run's workers must not renew it at the same moment.
        with exclusively(Path(os.environ["DATA_DIR"]) / "role.lock"):
            grant_service_role(ServiceRole.from_url(settings.SERVICE_DATABASE_URL))
        with connection.cursor() as cursor:
            cursor.execute(_DOOR)
        _connect_as(settings.SERVICE_DATABASE_URL)
    yield
    with django_db_blocker.unblock():
        _connect_as(settings.DATABASE_URL)
