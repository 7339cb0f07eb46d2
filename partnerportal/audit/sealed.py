"""Content of an audit row: under a data key of its own, which the keyring wraps. Imports DataKey only."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from partnerportal.audit.models import DataKey
from partnerportal.kernel import keyring

_NONCE = bytes(12)  # each data key encrypts exactly one content, so the nonce never repeats under it


class Destroyed(Exception):
    """The content's data key was destroyed, by erasure or disposal; its digests still verify."""


@dataclass(frozen=True)
class Closed:
    """Encrypted content whose wrapped data key is yet to be stored: the journal does so in one statement."""

    wrapped: bytes
    content: bytes
    content_digest: bytes
    body_digest: bytes


@dataclass(frozen=True)
class Sealed:
    """What goes into the row: the DataKey's id, the ciphertext, and the digests."""

    data_key: int
    content: bytes
    content_digest: bytes
    body_digest: bytes


def seal(content: dict[str, Any], body: bytes = b"") -> Sealed:
    """Encrypt a JSON object under a fresh data key; stores the wrapped key in the current transaction."""
    closed = close(content, body)
    wrap = DataKey.objects.create(wrapped=closed.wrapped)
    return Sealed(wrap.pk, closed.content, closed.content_digest, closed.body_digest)


def close(content: dict[str, Any], body: bytes = b"") -> Closed:
    """Encrypt a JSON object under a fresh data key; stores nothing."""
    key = secrets.token_bytes(32)
    plain = json.dumps(content, separators=(",", ":"), ensure_ascii=False, default=str).encode()
    stored = AESGCM(key).encrypt(_NONCE, plain, None)
    return Closed(keyring.encrypt(key), stored, hashlib.sha256(stored).digest(), body_digest(key, body))


def body_digest(key: bytes, body: bytes) -> bytes:
    """Keyed, so that short bodies can't be guessed from the digest alone."""
    return hmac.new(key, body, hashlib.sha256).digest()


def unseal(data_key: int | None, content: bytes | None) -> dict[str, Any]:
    """The JSON object again; {} where none was kept. Raises Destroyed, or keyring.Unreadable."""
    if data_key is None or content is None:
        return {}
    wrap = DataKey.objects.filter(pk=data_key).first()
    if wrap is None:
        raise Destroyed
    return _open(keyring.decrypt(bytes(wrap.wrapped)), bytes(content))


def unseal_many(rows: list[tuple[int | None, bytes | None]]) -> list[dict[str, Any]]:
    """As unseal, for many rows with one query; a destroyed content is {"destroyed": true}."""
    wraps = DataKey.objects.in_bulk([key for key, _ in rows if key is not None])
    return [
        _open(keyring.decrypt(bytes(wraps[key].wrapped)), bytes(content))
        if key in wraps and content is not None
        else ({} if key is None else {"destroyed": True})
        for key, content in rows
    ]


def _open(key: bytes, content: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(AESGCM(key).decrypt(_NONCE, content, None))
    except InvalidTag as error:
        raise keyring.Unreadable("the content of an audit row was altered") from error
    return found
