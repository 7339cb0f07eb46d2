"""A webhook's signature: base64 of HMAC-SHA1 over the endpoint's URL and the normalised body.

Source: contract, section 6. Pure; imports normalizing only. What cannot be read or normalised is never
signed by anyone, so it verifies with no key.
"""

from __future__ import annotations

import hmac
import json
import re
from binascii import b2a_base64
from collections.abc import Iterable
from typing import Any, NoReturn

from integrations.inboxhealth.normalizing import NotNormalError, TooLongError, normalized

HEADER = "X-InboxHealth-Signature"
LARGEST = 1024 * 1024
"""Bytes of a body that is read; an event has some thousand."""
MOST_VALUES, FEW_VALUES, BYTES_A_VALUE = 5_000, 200, 5
"""An event has some hundred values, objects and arrays counted, each of a dozen bytes with its name.

More than the few must be as long as that on average: many short ones are dear for their length.
"""
SHORT, LONGEST_NUMBER = 8_000, 300
"""In bodies of more bytes no number has more digits."""
SPREAD = 4
"""How many times as long as the body the text that is signed may be."""


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


# Possessive: nothing is tried twice. One that does not end reaches to the end.
_texts = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number too long")
    return int(digits)


_read = json.JSONDecoder(parse_constant=_refused).decode
# Reading digits costs their square. A body as short as events are holds one long number at most.
_read_long = json.JSONDecoder(parse_constant=_refused, parse_int=_whole).decode


class NotJsonError(ValueError):
    """The body is no JSON object as Ruby's library reads one."""


class TooMuchError(ValueError):
    """More work than an event is worth: too long, too many values, or a name that is repeated too often."""


def parsed(body: bytes) -> dict[str, Any]:
    """The body's object. Raises NotJsonError: no UTF-8, NaN, what nests too deeply, too long a number."""
    try:
        found = (_read if len(body) <= SHORT else _read_long)(body.decode())
    except (ValueError, RecursionError) as problem:
        raise NotJsonError("no JSON") from problem
    if not isinstance(found, dict):
        raise NotJsonError("no object")
    return found


def signature(key: str, url: str, parameters: dict[str, Any]) -> str:
    """What the header holds; `url` exactly as it was registered. Raises NotNormalError."""
    return _signed(key, url, normalized(parameters)[0])


def covered(body: bytes) -> tuple[dict[str, Any], list[str]]:
    """The body's object, and the text, or texts, that its signature may cover: none where nobody could sign.

    The work is bounded before it is done: anyone may send a body. Raises NotJsonError, TooMuchError.
    """
    if len(body) > LARGEST:
        raise TooMuchError("too long")
    if body.lstrip()[:1] != b"{":
        raise NotJsonError("no object")
    most = min(MOST_VALUES, FEW_VALUES + len(body) // BYTES_A_VALUE)
    if _separators(body) > most and (
        body.count(b'"') > 4 * most  # a name and a text to each value
        or _separators(_texts.sub(b"", body)) > most
    ):
        raise TooMuchError("too many values")
    parameters = parsed(body)
    try:
        return parameters, normalized(parameters, SPREAD * len(body))
    except TooLongError as problem:
        raise TooMuchError("a text too long") from problem
    except NotNormalError:
        return parameters, []


def _separators(body: bytes) -> int:
    """How many of the characters there are behind which each value but the first stands."""
    return sum(map(body.count, (b",", b"[", b"{")))


def verified(keys: Iterable[str], url: str, texts: Iterable[str], given: str) -> tuple[str, str] | None:
    """(key, text): which of the keys signed which of the texts; None where none did.

    Each is compared in constant time.
    """
    try:
        presented = given.encode("ascii")
    except UnicodeEncodeError:
        return None
    found: tuple[str, str] | None = None
    for text in texts:
        for key in keys:
            if hmac.compare_digest(_signed(key, url, text).encode(), presented):
                found = key, text
    return found


def signer(keys: Iterable[str], url: str, parameters: dict[str, Any], given: str) -> str | None:
    """Which of the keys signed this; None where none did."""
    try:
        found = verified(keys, url, normalized(parameters), given)
    except NotNormalError:
        return None
    return found[0] if found else None


def _signed(key: str, url: str, text: str) -> str:
    digest = hmac.digest(key.encode(), (url + text).encode(), "sha1")
    return b2a_base64(digest, newline=False).decode()
