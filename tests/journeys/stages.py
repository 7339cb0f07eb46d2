"""The moment before, staged once and then copied: the portal's database, and the sandbox's records and log.

Seventy journeys begin at the same moment, and coming there costs more than the rest of them.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg

from partnerportal.audit.checkpoint import INCARNATION
from tests.sandbox_process import Sandbox

if TYPE_CHECKING:
    from tests.journeys.yard import Services, Slot

# What a sandbox is, and who may ask it, stays its own.
COPIED = ("sequences", "records", "signers", "events", "requests")


class Stages:
    """Stages by name; the first who asks for one makes it, whoever else wants it waits."""

    def __init__(self, services: Services, folder: Path, prefix: str) -> None:
        self._services, self._folder, self._prefix = services, folder, prefix
        self._made: dict[str, tuple[str, Path]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._numbers = itertools.count(1)
        folder.mkdir(parents=True, exist_ok=True)

    def has(self, name: str) -> bool:
        return name in self._made

    def put(self, slot: Slot, name: str, before: Callable[[Slot], None]) -> None:
        """Bring a fresh slot to the moment that `before` leads to."""
        with self._locks.setdefault(name, threading.Lock()):
            if name not in self._made:
                before(slot)
                self._keep(slot, name)
                return
        database, file = self._made[name]
        self._services.copy(database, slot.database)
        _restore(slot.sandbox, file)
        self._belongs_to(slot)

    def drop(self) -> None:
        for database, _ in self._made.values():
            self._services.drop(database)

    def _keep(self, slot: Slot, name: str) -> None:
        database = f"{self._prefix}_{next(self._numbers)}"
        file = self._folder / f"{database}.sqlite3"
        self._services.copy(slot.database, database)
        with closing(_open(slot.sandbox)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        self._made[name] = database, file

    def _belongs_to(self, slot: Slot) -> None:
        """The copy was stamped by another sandbox, and has the checkpoint of another database."""
        instance = slot.sandbox.admin("GET", "state")["instance"]
        with psycopg.connect(self._services.database(slot.database), autocommit=True) as database:
            database.execute("UPDATE accounts_environmentstamp SET instance = %s", [instance])
            database.execute("UPDATE audit_checkpoint SET incarnation = '', permit = ''")
            deployment, current = database.execute(
                f"SELECT deployment::text, {INCARNATION} FROM audit_checkpoint"
            ).fetchone() or ("", "")
        said = {"deployment": deployment, "incarnation": current, "sequences": {}}
        Path(urlsplit(slot.settings["CHECKPOINT_URL"]).path).write_text(json.dumps(said))


def _open(sandbox: Sandbox) -> sqlite3.Connection:
    return sqlite3.connect(sandbox.state / "sandbox.sqlite3", timeout=20, isolation_level=None)


def _restore(sandbox: Sandbox, file: Path) -> None:
    """Into an empty sandbox that runs, past it: its file takes writers one after the other."""
    with closing(_open(sandbox)) as database:
        database.execute("ATTACH ? AS kept", [str(file)])
        database.execute("BEGIN IMMEDIATE")
        for table in COPIED:
            database.execute(f"DELETE FROM main.{table}")
            database.execute(f"INSERT INTO main.{table} SELECT * FROM kept.{table}")
        database.execute("COMMIT")
