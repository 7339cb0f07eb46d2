"""Which endpoint wants which events, and whose key signs for it: read from the store, answered from memory.

Imports storage, keys and the workbench.
"""

import sqlite3
from dataclasses import dataclass

from integrations.sandbox import records
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.keys import Keys
from integrations.sandbox.store import Store

RESOURCE = "endpoints"


@dataclass(frozen=True)
class Endpoint:
    """A registered URL. `signer` is the fingerprint of the key that made or last changed it, if a key did."""

    id: int
    account: int
    url: str
    wants: frozenset[str]
    signer: str | None


class Subscriptions:
    """All endpoints. No one registered costs a dictionary's look-up for each event."""

    def __init__(self, store: Store, keys: Keys, switches: Assumptions) -> None:
        self._store = store
        self._keys = keys
        self._switches = switches
        self._endpoints: dict[int, Endpoint] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read them anew, after one was made, changed or deleted."""
        with self._store.transaction() as tx:
            signers: dict[int, str | None] = dict(tx.execute("select endpoint, key_fingerprint from signers"))
            rows = list(records.every(tx, RESOURCE))
        self._endpoints = {
            row.id: Endpoint(
                row.id,
                row.account,
                row.document["url"],
                frozenset(row.document["registered_webhooks"]),
                signers.get(row.id),
            )
            for row in rows
        }

    def any_of(self, account: int) -> bool:
        return any(one.account == account for one in self._endpoints.values())

    def wanting(self, account: int, event_type: str) -> list[Endpoint]:
        found = self._endpoints.values()
        return [one for one in found if one.account == account and event_type in one.wants]

    def get(self, endpoint_id: int) -> Endpoint | None:
        return self._endpoints.get(endpoint_id)

    def signing_key(self, endpoint: Endpoint) -> str | None:
        """After a rotation: the key that last touched the endpoint, or the newest at once, by switch."""
        if self._switches["signing_key"] == "until_touched" and endpoint.signer:
            return self._keys.known(endpoint.signer)
        return self._keys.newest(endpoint.account)


def sign_with(tx: sqlite3.Connection, endpoint_id: int, key_fingerprint: str | None) -> None:
    """Remember whose key signs for an endpoint from now on."""
    tx.execute("insert or replace into signers values (?, ?)", (endpoint_id, key_fingerprint))
