"""Audit rows are only ever inserted: the services' role may do no more, and triggers refuse the owner too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.audit.models import APPEND_ONLY, Answer, Entry, Exchange
from partnerportal.kernel.clock import db_now
from tests.audit import rows
from tests.owner import as_owner

pytestmark = pytest.mark.django_db
TABLES = [model._meta.db_table for model in APPEND_ONLY]


@pytest.fixture(autouse=True)
def one_row_each() -> None:
    rows.answer(rows.exchange({"patient": {"first_name": "Ed"}}))
    entries.write("patient_pushed", Context(actor="user:anna"), {"why": "test"})


def refused(statement: str) -> bool:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    with pytest.raises(ProgrammingError, match="only ever inserted"), transaction.atomic():
        as_owner(statement, asleep=False)
    return True


def test_the_rows_are_there_to_be_protected() -> None:
    assert (Exchange.objects.count(), Answer.objects.count(), Entry.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("table", TABLES)
def test_an_update_is_refused(table: str) -> None:
    assert refused(f"UPDATE {table} SET content = content")


@pytest.mark.parametrize("table", TABLES)
def test_a_delete_is_refused(table: str) -> None:
    assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_a_truncate_is_refused(table: str) -> None:
    assert refused(f"TRUNCATE {table}")


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Exchange.objects.update(actor="user:mallory"),
        lambda: Entry.objects.all().delete(),
        lambda: Answer.objects.get().delete(),
        lambda: Exchange.objects.get().save(),
    ],
)
def test_the_models_can_do_no_more_than_sql(attempt: Callable[[], object]) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        attempt()


def test_no_session_setting_lifts_the_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = 'audit_exchange:audit_append_only_rows'")
    assert refused("DELETE FROM audit_exchange")
    assert Exchange.objects.count() == 1


@pytest.mark.parametrize("away", [timedelta(days=-2000), timedelta(minutes=-2), timedelta(minutes=1)])
def test_no_row_is_dated_otherwise_than_now(away: timedelta) -> None:
    about = {"actor": "user:mallory", "correlation_id": "c", "action": "patient_pushed"}
    with pytest.raises(DatabaseError, match="dated by the database's clock"), transaction.atomic():
        Entry.objects.create(at=datetime.now(UTC) + away, **about)
    began = db_now()
    entry = Entry.objects.create(**about)  # without a time: that of the database, not of the transaction
    entry.refresh_from_db()
    assert entry.at >= began
