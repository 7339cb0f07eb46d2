"""Transactional tests leave an empty audit, the migrated rows, and the triggers in force."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection

from tests.owner import as_owner
from tests.sandbox_process import Sandbox

INSERT_TWICE = pytest.mark.parametrize("turn", [1, 2])


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def disabled_triggers() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit_append%' AND tgenabled <> 'O'"
        )
        return int(cursor.fetchone()[0])


@INSERT_TWICE
@pytest.mark.django_db(transaction=True)
def test_each_starts_with_the_migrated_rows_and_nothing_else(turn: int) -> None:
    assert Group.objects.count() >= 3
    assert not Group.objects.filter(name="left by the turn before").exists()
    assert count("audit_entry") == 0
    assert disabled_triggers() == 0
    as_owner("INSERT INTO auth_group (name) VALUES ('left by the turn before')")
    as_owner("DELETE FROM auth_group WHERE name ILIKE 'auditor'")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["TRUNCATE audit_entry", "TRUNCATE audit_exchange CASCADE"])
def test_outside_the_flush_the_audit_cannot_be_emptied(statement: str) -> None:
    with pytest.raises(DatabaseError, match="only ever inserted"):
        as_owner(statement, asleep=False)


def test_the_sandbox_of_the_tests_is_empty_and_answers(sandbox: Sandbox) -> None:
    assert sandbox.records("patients") == []
    sandbox.fault(kind="429", operation="*", count=1)
    sandbox.reset()
    assert sandbox.requests() == []
