"""Prepared statements for the few queries that every delivery makes: PostgreSQL plans them once a connection.

Django binds values on the client, so that the server parses and plans each statement anew; for the engine's
own that was most of the database's time (measured). Imports Django and psycopg only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def run(sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Execute what returns rows on the current connection, within its transaction; the first row, or None.

    Outside a transaction it is one of its own. Raises Django's errors.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, values, prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
