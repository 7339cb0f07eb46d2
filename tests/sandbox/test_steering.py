"""`/_sandbox/`: what a test or a demo can see and do without a key."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.error import HTTPError

import pytest

from integrations.sandbox.application import Application
from integrations.sandbox.messages import Call
from integrations.sandbox.options import read
from tests.sandbox.conftest import Caller
from tests.sandbox_process import KEY, Sandbox


def test_the_log_holds_each_request_as_it_was_sent(sandbox: Sandbox, api: Caller) -> None:
    body = '{"enterprise": {"name": "José"}}'.encode()
    headers = {"Content_Type": "application/json", "X_Correlation_Id": "abc-123"}
    made = api.send("POST", "/partner/v2/enterprises?x=1", body, **headers).json["enterprise"]
    (line,) = sandbox.requests()
    assert line.pop("at").endswith("Z")
    assert line == {
        "id": line["id"],
        "key_fingerprint": hashlib.sha256(KEY.encode()).hexdigest()[:12],
        "method": "POST",
        "path": "/partner/v2/enterprises",
        "query": "x=1",
        "operation": "enterprises.create",
        "body": body.decode(),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "correlation_id": "abc-123",
        "status": 201,
        "fault": None,
        "resource": "enterprises",
        "record_id": made["id"],
    }


def test_the_log_can_be_read_on_from_a_line(sandbox: Sandbox, api: Caller) -> None:
    for path in ("/patients", "/nothing", "/doctors"):
        api.call("GET", path)
    first, second, third = sandbox.requests()
    assert [one["status"] for one in (first, second, third)] == [200, 404, 200]
    assert second["operation"] is None
    assert sandbox.requests(second["id"]) == [third]


def test_someone_can_edit_a_record_there(sandbox: Sandbox, api: Caller, patients: list[int]) -> None:
    before = api.get(f"/patients/{patients[0]}")["patient"]
    sandbox.admin("PUT", f"records/patients/{patients[0]}", {"city": "Elsewhere"})
    after = api.get(f"/patients/{patients[0]}")["patient"]
    assert (before["city"], after["city"]) == (None, "Elsewhere")
    assert after["updated_at"] > before["updated_at"]


def test_a_reset_forgets_records_and_log_but_no_key(
    sandbox: Sandbox, api: Caller, patients: list[int]
) -> None:
    instance = sandbox.admin("GET", "state")["instance"]
    assert sandbox.admin("POST", "reset", {})["instance"] == instance
    assert sandbox.requests() == sandbox.records("patients") == []
    assert len(api.ids("/users")) == 2
    assert api.create("enterprise", name="X")["id"] > 669
    assert sandbox.admin("POST", "reset", {"new_instance": True})["instance"] != instance


def test_counts_are_kept_by_resource(sandbox: Sandbox, patients: list[int]) -> None:
    state = sandbox.admin("GET", "state")
    assert state["records"]["patients"] == len(sandbox.records("patients")) == 7
    assert state["requests_per_second"] > 0


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("GET", "nothing", None, 404),
        ("DELETE", "keys/unknown", None, 404),
        ("PUT", "records/patients/1", {}, 404),
        ("POST", "assume", {"meta": "perhaps"}, 400),
        ("POST", "assume", [], 400),
        ("GET", "requests?since=x", None, 400),
    ],
)
def test_what_can_not_be_done_is_said(sandbox: Sandbox, verb: str, path: str, body: Any, status: int) -> None:
    with pytest.raises(HTTPError) as refused:
        sandbox.admin(verb, path, body)
    assert refused.value.code == status
    assert json.loads(refused.value.read())["errors"]["base"]


@pytest.mark.parametrize(("arguments", "status"), [((), 403), (("--open-control",), 200)])
def test_callers_on_other_machines_may_steer_only_when_allowed(
    tmp_path: Any, arguments: tuple[str, ...], status: int
) -> None:
    _options, conditions = read(["--state", str(tmp_path), *arguments])
    application = Application(tmp_path, [], conditions)
    call = Call("GET", "/_sandbox/state", "", {}, b"", "192.0.2.7")
    assert application.answer(call).answer.status == status
    application.store.close()
