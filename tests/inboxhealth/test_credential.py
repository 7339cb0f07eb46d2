"""A key is shown to the API in one header, and to people as a fingerprint only."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

import pytest

from integrations.inboxhealth.answer import retry_after
from integrations.inboxhealth.auth import Credential


def test_basic_has_the_key_as_user_and_no_password() -> None:
    header = Credential("abc").headers()["Authorization"]
    assert base64.b64decode(header.removeprefix("Basic ")) == b"abc:"


def test_the_newer_hosts_get_a_header_of_its_own() -> None:
    assert Credential("abc", "x-api-key").headers() == {"x-api-key": "abc"}


def test_the_fingerprint_is_the_ends_of_the_digest() -> None:
    digest = hashlib.sha256(b"abc").hexdigest()
    assert Credential("abc").fingerprint == f"{digest[:4]}…{digest[-2:]}"
    assert "abc" not in repr(Credential("abc"))


@pytest.mark.parametrize("key", ["", "a b", "a\r\nX-Evil: 1", "schlüssel"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        Credential(key)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("9" * 400, None),
        ("86401", None),
        ("Wed, 25 Nov 2026 12:00:00 GMT", 86_400.0),
        ("Wed, 25 Nov 2026 12:00:01 GMT", None),
        ("Tue, 24 Nov 9999 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_a_number_or_a_date(text: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert retry_after({"retry-after": text}, now) == seconds
