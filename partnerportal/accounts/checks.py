"""Start-up checks that need the database, each with an id and a hint. Imports stamp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from partnerportal.accounts.models import EnvironmentStamp
from partnerportal.accounts.stamp import HINT, OtherEnvironment, verify
from partnerportal.kernel.environment import UnknownEnvironment


@register(Tags.database)
def environment(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """portal.E007: runs before each migrate, and with `check --database default` before services start."""
    if not databases or "default" not in databases or not _migrated():
        return []
    try:
        verify()
    except OtherEnvironment as error:
        return [Error(str(error), hint=HINT, id="portal.E007")]
    except UnknownEnvironment:
        return []  # portal.E004 says so
    return []


def _migrated() -> bool:
    try:
        return EnvironmentStamp._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        return False
