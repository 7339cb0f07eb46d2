"""The ways in by key: Basic, x-api-key, and what is turned away."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Caller, basic
from tests.sandbox_process import KEY, Sandbox


def status(sandbox: Sandbox, headers: dict[str, str]) -> int:
    return Caller(sandbox.url, headers).call("GET", "/patients").status


@pytest.mark.parametrize("headers", [basic(KEY), {"x-api-key": KEY}])
def test_a_key_opens_the_api_either_way(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert status(sandbox, headers) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("wrong"),
        basic(KEY, "a password"),
        {"x-api-key": "wrong"},
        {"x-api-key": ""},
        {"Authorization": f"Bearer {KEY}"},
        {"Authorization": "Basic !!!"},
        {"Authorization": f"Bearer {KEY}", "x-api-key": KEY},
    ],
)
def test_anything_else_is_turned_away_as_json(sandbox: Sandbox, headers: dict[str, str]) -> None:
    seen = Caller(sandbox.url, headers).call("GET", "/patients")
    assert seen.status == 401
    assert seen.json["errors"]["base"]


@pytest.mark.parametrize(
    ("scheme", "by_basic", "by_header"), [("both", 200, 200), ("basic", 200, 401), ("x-api-key", 401, 200)]
)
def test_a_host_may_know_only_one_of_the_two_ways(
    sandbox: Sandbox, scheme: str, by_basic: int, by_header: int
) -> None:
    sandbox.assume(key_schemes=scheme)
    assert status(sandbox, basic(KEY)) == by_basic
    assert status(sandbox, {"x-api-key": KEY}) == by_header


def test_a_revoked_key_opens_nothing(sandbox: Sandbox) -> None:
    key = sandbox.admin("POST", "keys", {})["api_key"]
    assert status(sandbox, basic(key)) == 200
    sandbox.admin("DELETE", f"keys/{key}")
    assert status(sandbox, basic(key)) == 401


def test_every_answer_names_the_request_and_the_instance(sandbox: Sandbox, api: Caller) -> None:
    instance = sandbox.admin("GET", "state")["instance"]
    answers = [
        api.call("GET", "/patients"),
        api.call("GET", "/patients"),
        api.send("GET", "/"),
        api.call("GET", "/x"),
    ]
    assert {one.headers["x-sandbox-instance"] for one in answers} == {instance}
    assert len({one.headers["x-request-id"] for one in answers}) == len(answers)
