"""A webhook's signature: base64 of HMAC-SHA1 over the endpoint's URL and the normalised body.

Source: contract, section 6. Pure; imports normalizing only. What cannot be read or normalised is never
signed by anyone, so it verifies with no key.
"""

from __future__ import annotations

import hmac
import json
from binascii import b2a_base64
from collections.abc import Iterable
from typing import Any, NoReturn

from integrations.inboxhealth.normalizing import NotNormalError, normalized

HEADER = "X-InboxHealth-Signature"


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


_read = json.JSONDecoder(parse_constant=_refused).decode


class NotJsonError(ValueError):
    """The body is no JSON object as Ruby's library reads one."""


def parsed(body: bytes) -> dict[str, Any]:
    """The body's object. Raises NotJsonError: text that is not UTF-8, NaN, what nests too deeply."""
    try:
        found = _read(body.decode())
    except (ValueError, RecursionError) as problem:
        raise NotJsonError("no JSON") from problem
    if not isinstance(found, dict):
        raise NotJsonError("no object")
    return found


def signature(key: str, url: str, parameters: dict[str, Any]) -> str:
    """What the header holds; `url` exactly as it was registered. Raises NotNormalError."""
    return _signed(key, url, normalized(parameters)[0])


def signer(keys: Iterable[str], url: str, parameters: dict[str, Any], given: str) -> str | None:
    """Which of the keys signed this; None where none did. Each is compared in constant time."""
    try:
        texts = normalized(parameters)
        presented = given.encode("ascii")
    except (NotNormalError, UnicodeEncodeError):
        return None
    found: str | None = None
    for key in keys:
        for one in texts:
            if hmac.compare_digest(_signed(key, url, one).encode(), presented):
                found = key
    return found


def _signed(key: str, url: str, text: str) -> str:
    digest = hmac.digest(key.encode(), (url + text).encode(), "sha1")
    return b2a_base64(digest, newline=False).decode()
