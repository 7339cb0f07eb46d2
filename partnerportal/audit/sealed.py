"""The content of an audit row: compressed, then encrypted under a data key of its own, wrapped by the
keyring.

It is bound to the row's plain columns (who, when, record, operation, attempt, …) as associated data: a
content that was moved to another row, or whose row was edited, can't be read. Imports the audit's models.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from partnerportal.audit.models import Answer, DataKey, Entry, Exchange
from partnerportal.kernel import keyring

Row = Exchange | Answer | Entry
_NONCE = bytes(12)  # each data key encrypts exactly one content, so the nonce never repeats under it
_UNBOUND = {"id", "data_key", "content", "content_digest", "body_digest"}


class Destroyed(Exception):
    """The content's data key was destroyed, by erasure or disposal; its digests still verify."""


def seal(row: Row, content: dict[str, Any], body: bytes = b"") -> None:
    """Encrypt a JSON object into a row that is not stored yet. Its wrapped key is stored in this transaction.

    Set all plain columns of the row before, its time included: the content is bound to them.
    """
    key = close(row, content, body)
    row.data_key = DataKey.objects.create(wrapped=key).pk


def close(row: Row, content: dict[str, Any], body: bytes = b"") -> bytes:
    """As `seal`, without storing anything: returns the data key, which is to be wrapped and stored."""
    key = secrets.token_bytes(32)
    plain = json.dumps(content, separators=(",", ":"), ensure_ascii=False, default=str).encode()
    row.content = AESGCM(key).encrypt(_NONCE, zlib.compress(plain), bound(row))
    row.content_digest = hashlib.sha256(row.content).digest()
    if not isinstance(row, Entry):
        row.body_digest = body_digest(key, body)
    return key


def wrap(key: bytes) -> bytes:
    """A data key as DataKey stores it, for who inserts it by SQL."""
    wrapped: bytes = DataKey._meta.get_field("wrapped").get_db_prep_value(key, connection)
    return wrapped


def bound(row: Row) -> bytes:
    """The plain columns of a row in one fixed form, without empty ones: a new column changes no old row."""
    fields = [field for field in row._meta.concrete_fields if field.attname not in _UNBOUND]
    values = {field.attname: field.to_python(getattr(row, field.attname)) for field in fields}
    plain = {name: value for name, value in values.items() if value not in (None, "")}
    return json.dumps([row._meta.db_table, plain], sort_keys=True, default=_instant).encode()


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def body_digest(key: bytes, body: bytes) -> bytes:
    """Keyed, so that short bodies can't be guessed from the digest alone."""
    return hmac.new(key, body, hashlib.sha256).digest()


def unseal(row: Row) -> dict[str, Any]:
    """The JSON object again; {} where none was kept. Raises Destroyed, or keyring.Unreadable or
    keyring.Altered.
    """
    (found,) = _unseal([row], _keys([row]))
    if found is None:
        raise Destroyed
    return found


def unseal_many(rows: Sequence[Row]) -> list[dict[str, Any] | None]:
    """As unseal, for many rows with one query; None for a content that was destroyed."""
    return _unseal(rows, _keys(rows))


def _keys(rows: Sequence[Row]) -> dict[int, DataKey]:
    """Raises keyring.Unreadable where the key that wrapped one of them is missing."""
    return DataKey.objects.in_bulk([row.data_key for row in rows if row.data_key is not None])


def _unseal(rows: Sequence[Row], keys: dict[int, DataKey]) -> list[dict[str, Any] | None]:
    return [
        {} if row.data_key is None else _open(keys[row.data_key], row) if row.data_key in keys else None
        for row in rows
    ]


def _open(key: DataKey, row: Row) -> dict[str, Any]:
    try:
        plain = AESGCM(key.wrapped).decrypt(_NONCE, bytes(row.content or b""), bound(row))
    except InvalidTag as error:
        raise keyring.Altered("an audit row or its content was altered") from error
    found: dict[str, Any] = json.loads(zlib.decompress(plain))
    return found
