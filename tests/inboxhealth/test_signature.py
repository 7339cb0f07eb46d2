"""A webhook's signature: the vendor's known answer, a second normaliser, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.inboxhealth.normalizing import NotNormalError, normalized
from integrations.inboxhealth.signature import NotJsonError, parsed, signature, signer
from integrations.sandbox.webhooks import normalizing as written_apart
from tests.signature.known import KNOWN_BODY, KNOWN_SIGNATURE, KNOWN_URL

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
NESTED = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
TOP = (
    SCALARS
    | st.dictionaries(st.text(), NESTED, max_size=6)
    | st.lists(st.text(), max_size=4)
    | st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False), max_size=4)
    | st.lists(st.dictionaries(st.text(), NESTED, max_size=3), min_size=1, max_size=3)
)


def test_the_known_answer() -> None:
    assert signature("api_key", KNOWN_URL, parsed(KNOWN_BODY)) == KNOWN_SIGNATURE
    assert signer(["other", "api_key"], KNOWN_URL, parsed(KNOWN_BODY), KNOWN_SIGNATURE) == "api_key"


@given(st.dictionaries(st.text(), TOP, max_size=6))
def test_a_normaliser_written_apart_from_it_agrees(parameters: dict[str, Any]) -> None:
    assert normalized(parameters)[0] == written_apart.normalize(parameters)


@given(st.dictionaries(st.text(), TOP, max_size=4), st.text(min_size=1, max_size=20))
def test_what_was_signed_verifies_with_that_key_alone(parameters: dict[str, Any], key: str) -> None:
    signed = signature(key, "https://portal.example/webhooks/x/", parameters)
    assert signer(["another", key], "https://portal.example/webhooks/x/", parameters, signed) == key
    assert signer([key + "x"], "https://portal.example/webhooks/x/", parameters, signed) is None
    assert signer([key], "https://portal.example/webhooks/x", parameters, signed) is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"a": 0.00001, "b": 1e20, "c": 100000.0}', "a=1.0e-05&b=1.0e%2B20&c=100000.0"),
        (b'{"a": 12345678901234567890123}', "a=12345678901234567890123"),
        (b'{"a": [], "b": {"c": [], "d": {}}, "e": 1}', "a=&&e=1"),
        (b'{"a": 1, "a": 2}', "a=2"),
        (
            b'{"a": [9, 10], "b": {"c": [10, 2, 9]}}',
            "a=9&a=10&b%5Bc%5D%5B%5D=10&b%5Bc%5D%5B%5D=2&b%5Bc%5D%5B%5D=9",
        ),
        ('{"a": {"é": "ñ ~"}}'.encode(), "a%5B%C3%A9%5D=%C3%B1%20~"),
        (b'{"a": {"b": "x~y%41", "c": "~"}}', "a%5Bb%5D=x~y%2541&a%5Bc%5D=~"),
    ],
)
def test_each_rule_of_the_ruby_library(body: bytes, text: str) -> None:
    assert normalized(parsed(body)) == [text]


def test_arrays_of_objects_at_the_top_verify_as_either_version_of_the_library_writes_them() -> None:
    parameters = parsed(b'{"a": [{"b": "c\\u00e9"}], "d": 1}')
    newer, older = normalized(parameters)
    assert newer == "a%5B%5D%5Bb%5D=c%C3%A9&d=1"
    assert older == "a=%7B%22b%22%3D%3E%22c%C3%A9%22%7D&d=1"
    for text in (newer, older):
        signed = base64.b64encode(hmac.digest(b"key", f"url{text}".encode(), hashlib.sha1)).decode()
        assert signer(["key"], "url", parameters, signed) == "key"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b'"text"', b"{", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": "\xff"}', b"\xef\xbb\xbf{}",
        b"{}{}", '{"a": 1}'.encode("utf-16"), b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotJsonError):
        parsed(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": [true, false]}', b'{"a": [1, "1"]}', b'{"a": [null, 1]}', b'{"a": "\\ud800"}',
        b'{"\\udc00": 1}', b'{"a":' * 101 + b"1" + b"}" * 101,
    ],
)  # fmt: skip
def test_what_the_library_can_not_normalise_verifies_with_no_key(body: bytes) -> None:
    with pytest.raises(NotNormalError):
        normalized(parsed(body))
    assert signer(["key"], "url", parsed(body), "anything") is None


@pytest.mark.parametrize("given_header", ["", "é", "x" * 5000, KNOWN_SIGNATURE[:-1], KNOWN_SIGNATURE + "="])
def test_a_header_that_is_no_signature_is_refused(given_header: str) -> None:
    assert signer(["api_key"], KNOWN_URL, parsed(KNOWN_BODY), given_header) is None


def test_names_that_strangers_choose_are_not_remembered_for_ever() -> None:
    """A long name, many names: the text is right, and the next one too."""
    wide = {"event_data": {f"k{number}": number for number in range(2000)}}
    long = {"event_data": {"n" * 300_000: "v", "b": {"c" * 200: 1}}}
    for parameters in (wide, long):
        assert normalized(parameters)[0] == written_apart.normalize(parameters)
