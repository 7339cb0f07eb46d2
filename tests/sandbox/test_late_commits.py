"""A request that takes effect after the caller gave up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox_process import Sandbox


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


@pytest.mark.parametrize(("connection", "error"), [("hang", TimeoutError), ("drop", ConnectionResetError)])
def test_it_commits_when_its_time_has_come(
    sandbox: Sandbox, api: Caller, enterprise: int, connection: str, error: type[Exception]
) -> None:
    sandbox.fault(kind="late", operation="patients.create", count=1, delay=0.6, connection=connection)
    with pytest.raises(error):
        api.call("POST", "/patients", {"patient": {**LUIGI, "enterprise_id": enterprise}}, timeout=0.2)
    assert api.ids("/patients") == []
    line = sandbox.requests()[-2]
    assert (line["status"], line["record_id"]) == (None, None)
    assert within(3, lambda: len(sandbox.records("patients")) == 1)
    (line,) = [one for one in sandbox.requests() if one["id"] == line["id"]]
    assert (line["status"], line["resource"]) == (None, "patients")
    assert [line["record_id"]] == api.ids("/patients")


def test_one_that_is_held_commits_when_it_is_released(sandbox: Sandbox, api: Caller, enterprise: int) -> None:
    sandbox.fault(kind="held", operation="patients.create", count=1, connection="drop")
    with pytest.raises(ConnectionResetError):
        api.call("POST", "/patients", {"patient": {**LUIGI, "enterprise_id": enterprise}})
    assert api.ids("/patients") == []
    assert sandbox.release() == 1
    assert len(api.ids("/patients")) == 1
    assert sandbox.release() == 0


def test_one_that_is_invalid_commits_nothing(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault(kind="late", operation="patients.create", count=1, delay=0.05, connection="drop")
    with pytest.raises(ConnectionResetError):
        api.call("POST", "/patients", {"patient": {}})
    time.sleep(0.2)
    (line,) = sandbox.requests()
    assert (line["status"], line["record_id"]) == (None, None)


def test_one_from_before_a_reset_never_takes_effect(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault(kind="late", operation="enterprises.create", count=1, delay=0.2, connection="drop")
    body: Any = {"enterprise": {"name": "From another time"}}
    with pytest.raises(ConnectionResetError):
        api.call("POST", "/enterprises", body)
    sandbox.reset()
    time.sleep(0.4)
    assert sandbox.records("enterprises") == []
