"""The keys that encrypt what the database may not show. Owns cipher and key choice; imports settings only.

AES-SIV (RFC 5297): the same plaintext under the same key gives the same bytes, so an unchanged value
keeps its ciphertext and history sees no change. Stored: a version byte, 4 bytes naming the key, ciphertext.
Each value is bound to its place (table and column) as associated data: moved elsewhere, it can't be read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = b"\x01"


class Unreadable(Exception):
    """The key that wrote a value is missing from FIELD_ENCRYPTION_KEYS."""


class Altered(Unreadable):
    """The key is known, and the value is not what it wrote: it was changed, or moved from another place."""


@lru_cache(maxsize=16)
def _cipher(key: str) -> tuple[bytes, AESSIV]:
    try:
        raw = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS holds a key that is not base64.") from error
    if len(raw) != 32:
        raise ImproperlyConfigured("Each of FIELD_ENCRYPTION_KEYS must be 32 bytes in base64.")
    stretched = HKDF(hashes.SHA256(), 64, None, b"portal field encryption").derive(raw)
    return hashlib.sha256(raw).digest()[:4], AESSIV(stretched)


def encrypt(plain: bytes, place: str) -> bytes:
    """Encrypt with the first key of FIELD_ENCRYPTION_KEYS. `place` is "table.column"."""
    key_id, cipher = _first()
    # SIV refuses an empty plaintext; the marker byte also leaves room for compression later.
    return VERSION + key_id + cipher.encrypt(b"\x00" + plain, [place.encode()])


def current_prefix() -> bytes:
    """What each value begins with that the first key of FIELD_ENCRYPTION_KEYS wrote."""
    return VERSION + _first()[0]


def _first() -> tuple[bytes, AESSIV]:
    if not settings.FIELD_ENCRYPTION_KEYS:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: nothing can be stored encrypted.")
    return _cipher(settings.FIELD_ENCRYPTION_KEYS[0])


def decrypt(stored: bytes, place: str) -> bytes:
    """Decrypt with whichever known key wrote the value. Raises Unreadable, or Altered."""
    for key in settings.FIELD_ENCRYPTION_KEYS:
        key_id, cipher = _cipher(key)
        if stored[1:5] == key_id:
            try:
                return cipher.decrypt(stored[5:], [place.encode()])[1:]
            except InvalidTag as error:
                raise Altered("an encrypted value was altered") from error
    raise Unreadable("the key of an encrypted value is missing from FIELD_ENCRYPTION_KEYS")


def fingerprint(purpose: str, value: str) -> str:
    """A keyed, one-way fingerprint for searching and comparing what is stored encrypted (64 hex digits)."""
    if not settings.SSN_FINGERPRINT_KEY:
        raise ImproperlyConfigured("SSN_FINGERPRINT_KEY is empty.")
    key = settings.SSN_FINGERPRINT_KEY.encode()
    return hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()
