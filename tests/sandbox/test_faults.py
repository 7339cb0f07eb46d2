"""Each kind of fault: what the caller sees, and whether the record is there afterwards."""

from __future__ import annotations

import http.client
import time
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox_process import Sandbox


@pytest.fixture
def body(enterprise: int) -> dict[str, Any]:
    return {"patient": {**LUIGI, "enterprise_id": enterprise}}


def last(sandbox: Sandbox) -> dict[str, Any]:
    return sandbox.requests()[-1]


@pytest.mark.parametrize(
    ("fault", "status", "committed"),
    [
        ({"kind": "429"}, 429, 0),
        ({"kind": "429", "retry_after": 7}, 429, 0),
        ({"kind": "500_before"}, 500, 0),
        ({"kind": "500_after"}, 500, 1),
        ({"kind": "html"}, 502, 1),
        ({"kind": "html", "status": 200}, 200, 1),
        ({"kind": "html_before"}, 502, 0),
        ({"kind": "refuse_key"}, 401, 0),
        ({"kind": "slow", "delay": 0.1}, 201, 1),
        ({"kind": "drip", "interval": 0}, 201, 1),
    ],
)
def test_an_answer_that_is_not_the_usual_one(
    sandbox: Sandbox, api: Caller, body: Any, fault: dict[str, Any], status: int, committed: int
) -> None:
    sandbox.fault(**fault, operation="patients.create", count=1)
    seen = api.call("POST", "/patients", body)
    assert seen.status == status
    assert len(sandbox.records("patients")) == committed
    assert seen.headers.get("retry-after") == ("7" if "retry_after" in fault else None)
    assert seen.headers["content-type"].startswith("text/html") == (fault["kind"][:3] in {"500", "htm"})
    line = last(sandbox)
    assert (line["status"], line["fault"], line["resource"] is not None) == (
        status,
        fault["kind"],
        bool(committed),
    )
    assert api.call("POST", "/patients", body).status == 201


@pytest.mark.parametrize(("kind", "committed"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_is_reset(
    sandbox: Sandbox, api: Caller, body: Any, kind: str, committed: int
) -> None:
    sandbox.fault(kind=kind, operation="patients.create", count=1)
    with pytest.raises(ConnectionResetError) as dropped:
        api.call("POST", "/patients", body)
    # A polite close would be its subclass RemoteDisconnected.
    assert dropped.type is ConnectionResetError
    assert len(sandbox.records("patients")) == committed
    assert last(sandbox)["status"] is None
    assert (last(sandbox)["record_id"] is not None) == bool(committed)


def test_half_an_answer_ends_in_the_middle(sandbox: Sandbox, api: Caller, body: Any) -> None:
    sandbox.fault(kind="half", operation="patients.create", count=1)
    with pytest.raises(http.client.IncompleteRead) as cut:
        api.call("POST", "/patients", body)
    assert cut.value.partial.startswith(b'{"patient":{')
    assert len(sandbox.records("patients")) == 1


def test_a_dripping_answer_takes_its_time(sandbox: Sandbox, api: Caller, body: Any) -> None:
    sandbox.fault(kind="drip", operation="patients.create", interval=0.05)
    begun = time.monotonic()
    connection = http.client.HTTPConnection(api.url.removeprefix("http://"), timeout=5)
    connection.request("GET", "/partner/v2/patients", headers=api.headers)
    assert connection.getresponse().status == 200
    assert time.monotonic() - begun < 0.5
    with pytest.raises(TimeoutError):
        api.call("POST", "/patients", body, timeout=0.03)
    assert len(sandbox.records("patients")) == 1


def test_a_hanging_request_is_never_answered_nor_done(sandbox: Sandbox, api: Caller, body: Any) -> None:
    sandbox.fault(kind="hang", operation="patients.create", count=1)
    with pytest.raises(TimeoutError):
        api.call("POST", "/patients", body, timeout=0.3)
    assert sandbox.records("patients") == []
    assert last(sandbox)["status"] is None
    assert api.call("POST", "/patients", body).status == 201


def test_a_list_may_forget_its_filter_or_its_order_once(
    sandbox: Sandbox, api: Caller, patients: list[int]
) -> None:
    sandbox.fault(kind="filter_ignored", operation="*", count=1)
    api.create("enterprise", name="A create is no list and uses nothing up")
    assert api.ids("/patients?filter[first_name]=kirby") == patients
    assert api.ids("/patients?filter[first_name]=kirby") == patients[:1]
    sandbox.fault(kind="sort_ignored", operation="patients.list", count=1)
    assert api.ids("/patients?sort=-id") == patients
    assert api.ids("/patients?sort=-id") == patients[::-1]
