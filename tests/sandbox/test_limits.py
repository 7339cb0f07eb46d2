"""The token bucket: burst at once, then rate a second, a key each; and the numbers it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from integrations.sandbox.limits import Limits
from tests.sandbox.conftest import Caller, basic
from tests.sandbox_process import KEY


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    now = [100.0]
    limits = Limits(10, 100, clock=lambda: now[0])
    assert [limits.take("k") for _ in range(100)] == [None] * 100
    assert limits.take("k") == pytest.approx(0.1)
    assert limits.take("another") is None
    now[0] += 0.05
    assert limits.take("k") == pytest.approx(0.05)
    now[0] += 0.06
    assert limits.take("k") is None
    now[0] += 1000
    assert [limits.take("k") is None for _ in range(101)] == [True] * 100 + [False]
    assert limits.refused == 3


def drain(start: Callable[..., Any], *assumed: str) -> tuple[Any, Caller, list[Any]]:
    """A sandbox of two tokens, one more every 20 s, and five requests."""
    switches = [text for one in assumed for text in ("--assume", one)]
    _child, running = start("--rate", "0.05", "--burst", "2", *switches)
    caller = Caller(running.url, basic(KEY))
    body = {"enterprise": {"name": "X"}}
    return running, caller, [caller.call("POST", "/enterprises", body) for _ in range(5)]


def test_beyond_the_burst_nothing_is_processed(start: Callable[..., Any]) -> None:
    running, _caller, answers = drain(start)
    assert [one.status for one in answers] == [201, 201, 429, 429, 429]
    assert len(running.records("enterprises")) == 2
    assert running.admin("GET", "state")["too_many_requests"] == 3
    assert [line["status"] for line in running.requests()] == [201, 201, 429, 429, 429]


@pytest.mark.parametrize(
    ("manner", "expected"),
    [("always", [True] * 3), ("never", [False] * 3), ("sometimes", [True, False, True])],
)
def test_retry_after_comes_always_never_or_sometimes(
    start: Callable[..., Any], manner: str, expected: list[bool]
) -> None:
    _running, _caller, answers = drain(start, f"retry_after={manner}")
    sent = [one.headers.get("retry-after") for one in answers[2:]]
    assert [value is not None for value in sent] == expected
    assert all(1 <= int(value) <= 21 for value in sent if value)


@pytest.mark.parametrize(("scope", "status"), [("key", 200), ("account", 429)])
def test_the_limit_is_a_keys_or_an_accounts(start: Callable[..., Any], scope: str, status: int) -> None:
    running, _caller, _answers = drain(start, f"limit_scope={scope}")
    second = Caller(running.url, basic(running.admin("POST", "keys", {})["api_key"]))
    assert second.call("GET", "/patients").status == status


def test_the_limit_can_be_switched_off(start: Callable[..., Any]) -> None:
    _child, running = start("--no-rate-limit", "--burst", "1")
    caller = Caller(running.url, basic(KEY))
    assert {caller.call("GET", "/patients").status for _ in range(10)} == {200}


def test_steering_the_sandbox_costs_no_token(start: Callable[..., Any]) -> None:
    _child, running = start("--rate", "0.05", "--burst", "1")
    for _ in range(5):
        running.admin("GET", "state")
    assert Caller(running.url, basic(KEY)).call("GET", "/patients").status == 200
