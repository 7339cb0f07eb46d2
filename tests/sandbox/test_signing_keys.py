"""Whose key signs: that of who made or last changed the endpoint, and what a rotation does to it."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Caller, basic
from tests.sandbox.listener import Listener
from tests.sandbox.money import Books
from tests.sandbox_process import KEY, Sandbox


@pytest.fixture
def endpoint(books: Books, listener: Listener) -> int:
    made = books.api.create("endpoint", url=listener.url, registered_webhooks=["patient_updated"])
    return int(made["id"])


@pytest.fixture
def new_key(sandbox: Sandbox, endpoint: int) -> str:
    """Made after the endpoint: the user's newest."""
    return str(sandbox.admin("POST", "keys", {})["api_key"])


def signer(books: Books, listener: Listener, keys: tuple[str, ...]) -> str:
    """Which of the keys the next event is signed with."""
    number = len(listener.posted)
    books.change("patient", books.patient, city=f"City {number}")
    posted = listener.await_number(number + 1)[-1]
    (found,) = [key for key in keys if posted.signed_with(key, listener.url)]
    return found


def test_the_old_key_signs_until_the_endpoint_is_touched(
    sandbox: Sandbox, books: Books, listener: Listener, endpoint: int, new_key: str
) -> None:
    keys = (KEY, new_key)
    assert signer(books, listener, keys) == KEY
    second = Caller(sandbox.url, basic(new_key))
    second.call("PUT", f"/endpoints/{endpoint}", {"endpoint": {"url": listener.url}})
    assert signer(books, listener, keys) == new_key


def test_by_switch_the_newest_key_signs_at_once(
    sandbox: Sandbox, books: Books, listener: Listener, endpoint: int, new_key: str
) -> None:
    sandbox.assume(signing_key="newest_at_once")
    newest = str(sandbox.admin("POST", "keys", {})["api_key"])
    keys = (KEY, new_key, newest)
    assert signer(books, listener, keys) == newest
    sandbox.admin("DELETE", f"keys/{newest}")
    assert signer(books, listener, keys) == new_key


def test_a_revoked_key_still_signs_for_an_endpoint_nobody_touched(
    sandbox: Sandbox, books: Books, listener: Listener
) -> None:
    old = str(sandbox.admin("POST", "keys", {})["api_key"])
    Caller(sandbox.url, basic(old)).create(
        "endpoint", url=listener.url, registered_webhooks=["patient_updated"]
    )
    sandbox.admin("DELETE", f"keys/{old}")
    assert signer(books, listener, (KEY, old)) == old
    sandbox.assume(signing_key="newest_at_once")
    newest = str(sandbox.admin("POST", "keys", {})["api_key"])
    assert signer(books, listener, (KEY, old, newest)) == newest


def test_an_endpoint_made_there_is_signed_with_the_newest(
    sandbox: Sandbox, books: Books, listener: Listener
) -> None:
    made = {"url": listener.url, "registered_webhooks": ["patient_updated"]}
    sandbox.admin("POST", "records/endpoints", made)
    newest = str(sandbox.admin("POST", "keys", {})["api_key"])
    assert signer(books, listener, (KEY, newest)) == newest
    sandbox.admin("DELETE", f"keys/{newest}")
