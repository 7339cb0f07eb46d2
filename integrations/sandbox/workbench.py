"""What a request works with: its transaction, its account, the switches, and what it has written so far.

Imports records and messages.
"""

import sqlite3
from dataclasses import dataclass, field

from integrations.sandbox import records
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import RefusedError
from integrations.sandbox.records import Record

NOT_YOURS = "not your enterprise"
Key = tuple[str, int]
"""A resource's name and a record's id."""


@dataclass(frozen=True)
class Workbench:
    """`written`: record → `created` or `updated`, in order; `stale`: whose figures are to be reckoned.

    `inside`: the vendor's own side writes, which may do what a partner may not.
    """

    tx: sqlite3.Connection
    account: int
    switches: Assumptions
    inside: bool = False
    key_fingerprint: str | None = None
    written: dict[Key, str] = field(default_factory=dict)
    stale: set[Key] = field(default_factory=set)
    removed: set[Key] = field(default_factory=set)

    def own(self, resource: str, record_id: int) -> Record:
        """The record. Raises RefusedError 404 when there is none, 403 when it is another account's."""
        found = records.find(self.tx, resource, record_id)
        if found is None:
            raise RefusedError(404, "not found")
        if found.account != self.account:
            raise RefusedError(403, NOT_YOURS)
        return found

    def wrote(self, record: Record, verb: str = "updated") -> None:
        """Remember a write; what was created in this request stays created."""
        self.written.setdefault((record.resource, record.id), verb)

    @property
    def endpoints_changed(self) -> bool:
        return any(resource == "endpoints" for resource, _ in (*self.written, *self.removed))
