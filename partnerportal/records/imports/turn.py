"""One worker at a time per import. Imports Django's connection only.

A session lock of the database: it dies with the worker's connection, so a killed worker blocks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_SPACE = 0x494D50  # "IMP": advisory locks of other parts use other numbers


@contextmanager
def turn(pk: int) -> Iterator[bool]:
    """True for who may work on import `pk` now; False where someone else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_SPACE, pk])
        row = cursor.fetchone()
    mine = bool(row and row[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_SPACE, pk])
