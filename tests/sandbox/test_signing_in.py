"""The sandbox's own sign-in page, and the session cookie that stands in for a key."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.conftest import Caller

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def visitor(start: Callable[..., Any]) -> Caller:
    _child, running = start("--portal-password", "open-sesame")
    return Caller(running.url)


def cookie_of(headers: dict[str, str]) -> str:
    assert "HttpOnly" in headers["set-cookie"]
    return headers["set-cookie"].partition(";")[0]


def form(visitor: Caller) -> tuple[str, str]:
    seen = visitor.send("GET", "/partner/sign_in")
    token = re.search(rb'name="authenticity_token" value="([^"]+)"', seen.body)
    assert token
    return cookie_of(seen.headers), token[1].decode()


def submit(visitor: Caller, cookie: str, **fields: str) -> Any:
    return visitor.send("POST", "/partner/sign_in", urlencode(fields), Cookie=cookie, **FORM)


def test_the_page_says_where_the_password_is_found(visitor: Caller) -> None:
    seen = visitor.send("GET", "/partner/sign_in").body.decode()
    assert "stands in the terminal" in seen and "open-sesame" not in seen


def test_signing_in_opens_the_api_without_a_key(visitor: Caller) -> None:
    cookie, token = form(visitor)
    seen = submit(visitor, cookie, user="demo", password="open-sesame", authenticity_token=token)
    assert (seen.status, seen.headers["location"]) == (303, "/api")
    opened = cookie_of(seen.headers)
    assert opened.startswith("sandbox_session=")
    assert opened != cookie
    visitor.headers = {"Cookie": opened}
    assert visitor.call("GET", "/users").status == 200
    assert visitor.call("POST", "/enterprises", {"enterprise": {"name": "From a browser"}}).status == 201


def test_a_key_that_is_wrong_is_not_made_good_by_the_cookie(visitor: Caller) -> None:
    cookie, token = form(visitor)
    seen = submit(visitor, cookie, user="demo", password="open-sesame", authenticity_token=token)
    visitor.headers = {"Cookie": cookie_of(seen.headers), "x-api-key": "wrong"}
    assert visitor.call("GET", "/users").status == 401


@pytest.mark.parametrize(("user", "password"), [("demo", "wrong"), ("somebody", "open-sesame"), ("demo", "")])
def test_a_wrong_user_or_password_opens_nothing(visitor: Caller, user: str, password: str) -> None:
    cookie, token = form(visitor)
    assert submit(visitor, cookie, user=user, password=password, authenticity_token=token).status == 401
    assert Caller(visitor.url, {"Cookie": cookie}).call("GET", "/users").status == 401


def test_a_form_without_its_token_is_refused(visitor: Caller) -> None:
    cookie, _token = form(visitor)
    assert submit(visitor, cookie, user="demo", password="open-sesame").status == 422


def test_signing_out_ends_the_session(visitor: Caller) -> None:
    cookie, token = form(visitor)
    opened = cookie_of(
        submit(visitor, cookie, user="demo", password="open-sesame", authenticity_token=token).headers
    )
    again = visitor.send("GET", "/partner/sign_in", Cookie=opened)
    token = re.search(r'value="([^"]+)"', again.body.decode())[1]  # type: ignore[index]
    body = urlencode({"authenticity_token": token})
    assert visitor.send("POST", "/partner/sign_out", body, Cookie=opened, **FORM).status == 303
    assert Caller(visitor.url, {"Cookie": opened}).call("GET", "/users").status == 401
