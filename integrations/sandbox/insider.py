"""Somebody at the vendor's who makes and edits records, past the API. Imports acts, ledger, webhooks."""

from integrations.sandbox import acts, changes, ledger, records
from integrations.sandbox.acts import Order
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.keys import Keys
from integrations.sandbox.messages import Document, RefusedError
from integrations.sandbox.records import Record
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.store import Store
from integrations.sandbox.webhooks.dispatches import Dispatch
from integrations.sandbox.webhooks.outbox import Outbox
from integrations.sandbox.workbench import Workbench

RECKONED_WITH = "reckoned_with"


class Insider:
    def __init__(self, store: Store, keys: Keys, switches: Assumptions, outbox: Outbox) -> None:
        self._store = store
        self._keys = keys
        self._switches = switches
        self._outbox = outbox

    def edit(self, resource: str, record_id: int, values: Document) -> Record:
        """Unchecked, with a later updated_at. Raises RefusedError 404."""
        with self._store.transaction() as tx:
            found = records.find(tx, resource, record_id)
            if found is None:
                raise RefusedError(404, "no such record")
            bench = Workbench(tx, found.account, self._switches, inside=True)
            changed = changes.touch(found, values)
            changes.keep(bench, changed)
            kept, noted = self._finish(bench, changed)
        self._outbox.ring(bench, noted)
        return kept

    def make(self, resource: str, values: Document) -> Record:
        """Checked as a request's, but a card payment is taken. Raises RefusedError 404 and 422."""
        if resource not in RESOURCES:
            raise RefusedError(404, "no such resource")
        with self._store.transaction() as tx:
            bench = Workbench(tx, self._keys.main_account, self._switches, inside=True)
            kept, noted = self._finish(bench, acts.create(bench, RESOURCES[resource], Order(values)))
        self._outbox.ring(bench, noted)
        return kept

    def catch_up(self) -> None:
        """At the start: what is kept may have been reckoned with switches that stood otherwise."""
        with self._store.transaction() as tx:
            row = tx.execute("select value from facts where name = ?", (RECKONED_WITH,)).fetchone()
        if row is None or row[0] != self._standing():
            self.reckon_anew()

    def reckon_anew(self) -> None:
        """A switch may change what is owed."""
        with self._store.transaction() as tx:
            tx.execute("insert or replace into facts values (?, ?)", (RECKONED_WITH, self._standing()))
            for (account,) in tx.execute("select id from accounts").fetchall():
                ledger.everything(Workbench(tx, account, self._switches))

    def _standing(self) -> str:
        return " ".join(f"{name}={self._switches[name]}" for name in sorted(ledger.SWITCHES))

    def _finish(self, bench: Workbench, record: Record) -> tuple[Record, list[Dispatch]]:
        """What follows from a write: figures and events."""
        ledger.settle(bench)
        kept = records.find(bench.tx, record.resource, record.id) or record
        return kept, self._outbox.note(bench)
