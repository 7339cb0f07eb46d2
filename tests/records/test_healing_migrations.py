"""Two migrations were changed after databases had been made by them; later ones bring such a database up."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from tests.owner import as_owner

RENAME = import_module("partnerportal.records.migrations.0014_due_by_its_name").RENAME
DROP = import_module("partnerportal.webhooks.migrations.0003_events_outlive_endpoints").DROP
pytestmark = pytest.mark.django_db
_BOUND = """
SELECT count(*) FROM pg_constraint WHERE contype = 'f'
AND conrelid = 'webhooks_event'::regclass AND confrelid = 'records_endpoint'::regclass
"""


def run(*statements: str) -> None:
    for statement in statements:
        as_owner(statement)


def ask(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def names() -> tuple[bool, bool]:
    """Whether the column and its index have the names that the models say."""
    column = ask("SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema()"
                 " AND table_name = 'records_invoice' AND column_name = 'due'")  # fmt: skip
    index = ask("SELECT count(*) FROM pg_indexes WHERE indexname = 'invoice_by_due'")
    return column == (1,), index == (1,)


def test_an_older_column_and_index_get_their_names_and_newer_ones_stay() -> None:
    run(RENAME)
    assert names() == (True, True)
    run(
        "ALTER TABLE records_invoice RENAME COLUMN due TO standing",
        "ALTER INDEX invoice_by_due RENAME TO invoice_by_standing",
    )
    run(RENAME)
    assert names() == (True, True)


def test_events_that_were_bound_to_their_endpoints_are_so_no_more() -> None:
    run("ALTER TABLE webhooks_event ADD CONSTRAINT older FOREIGN KEY (endpoint_id)"
        " REFERENCES records_endpoint DEFERRABLE INITIALLY DEFERRED")  # fmt: skip
    assert ask(_BOUND) == (1,)
    run(DROP)
    assert ask(_BOUND) == (0,)
