"""Accounts and their API keys, kept in the store; a dictionary answers the question asked with every request.

Imports store and changes (an account starts with its seeds).
"""

import hashlib
import secrets
import sqlite3

from integrations.sandbox.changes import seed_account
from integrations.sandbox.store import Store

MAIN = "main"


def fingerprint(key: str) -> str:
    """Twelve hex digits of a key's SHA-256: enough to tell keys apart, useless as a key."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


class Keys:
    """Who may come in. A revoked key stays known, as revoked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction() as tx:
            rows = tx.execute("select key, account from keys where not revoked order by rowid").fetchall()
            self.main_account = _account(tx, MAIN)
            every = tx.execute("select key from keys").fetchall()
        self._open: dict[str, int] = dict(rows)
        self._known: dict[str, str] = {fingerprint(key): key for (key,) in every}

    def account_of(self, key: str) -> int | None:
        return self._open.get(key)

    def add(self, account_name: str = MAIN, key: str | None = None) -> str:
        """A key for an account (made when new); made up when none is given. An earlier revocation ends."""
        key = key or f"ih_sandbox_{secrets.token_urlsafe(24)}"
        with self._store.transaction() as tx:
            account = _account(tx, account_name)
            tx.execute("insert or replace into keys values (?, ?, 0)", (key, account))
        # The newest comes last, also one that is opened again.
        self._open.pop(key, None)
        self._open[key] = account
        self._known[fingerprint(key)] = key
        return key

    def known(self, key_fingerprint: str) -> str | None:
        """The key of a fingerprint, revoked or not."""
        return self._known.get(key_fingerprint)

    def newest(self, account: int) -> str | None:
        """The key that was added last and is not revoked."""
        own = [key for key, owner in list(self._open.items()) if owner == account]
        return own[-1] if own else None

    def revoke(self, key: str) -> bool:
        """Whether there was such a key to revoke."""
        with self._store.transaction() as tx:
            tx.execute("update keys set revoked = 1 where key = ?", (key,))
        return self._open.pop(key, None) is not None


def reseed(tx: sqlite3.Connection) -> None:
    """Give every account its seeds again, after a wipe."""
    for (account,) in tx.execute("select id from accounts order by id").fetchall():
        seed_account(tx, account)


def _account(tx: sqlite3.Connection, name: str) -> int:
    row = tx.execute("select id from accounts where name = ?", (name,)).fetchone()
    if row:
        return int(row[0])
    account = int(tx.execute("insert into accounts (name) values (?)", (name,)).lastrowid or 0)
    seed_account(tx, account)
    return account
