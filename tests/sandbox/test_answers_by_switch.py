"""Statuses and shapes that the contract only assumes, each the other way round."""

from __future__ import annotations

import pytest

from integrations.sandbox.assumptions import SWITCHES, Assumptions, describe
from tests.sandbox.conftest import Caller
from tests.sandbox_process import Sandbox


@pytest.mark.parametrize("status", [201, 200])
def test_the_status_of_a_create(sandbox: Sandbox, api: Caller, status: int) -> None:
    sandbox.assume(create_status=str(status))
    assert api.call("POST", "/enterprises", {"enterprise": {"name": "X"}}).status == status


@pytest.mark.parametrize("status", [200, 204])
def test_the_status_of_a_delete(sandbox: Sandbox, api: Caller, enterprise: int, status: int) -> None:
    sandbox.assume(delete_status=str(status))
    (practice,) = api.ids("/practices")
    seen = api.call("DELETE", f"/practices/{practice}")
    assert (seen.status, bool(seen.body)) == (status, status == 200)
    assert api.ids("/practices") == []


@pytest.mark.parametrize("status", [422, 400])
def test_the_status_of_a_refusal(sandbox: Sandbox, api: Caller, status: int) -> None:
    sandbox.assume(error_status=str(status))
    assert api.call("POST", "/enterprises", {"enterprise": {}}).status == status


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("errors", b'{"errors":{"first_name":["can\'t be blank"],"zip":["is invalid"]}}'),
        ("message", b'{"error":"First name can\'t be blank, Zip is invalid"}'),
        ("empty", b""),
    ],
)
def test_the_shape_of_a_refusal(
    sandbox: Sandbox, api: Caller, enterprise: int, shape: str, body: bytes
) -> None:
    sandbox.assume(error_shape=shape)
    patient = {"enterprise_id": enterprise, "last_name": "M", "zip": "x"}
    assert api.call("POST", "/patients", {"patient": patient}).body == body


def test_account_types_may_only_be_made(sandbox: Sandbox, api: Caller, enterprise: int) -> None:
    sandbox.assume(account_types="create_only")
    made = api.create("account_type", enterprise_id=enterprise, name="no statements")
    path = f"/account_types/{made['id']}"
    update = api.call("PUT", path, {"account_type": {"name": "X"}})
    assert [api.call("GET", "/account_types").status, api.call("GET", path).status, update.status] == [
        404
    ] * 3
    sandbox.assume(account_types="all")
    assert api.call("PUT", path, {"account_type": {"name": "X"}}).json["account_type"]["name"] == "X"


def test_every_switch_is_described_and_refuses_what_it_does_not_know() -> None:
    table = describe()
    for name, switch in SWITCHES.items():
        assert f"{name}={'|'.join(switch.allowed)}" in table
        for value in switch.allowed:
            assert Assumptions([f"{name}={value}"])[name] == value
        with pytest.raises(ValueError, match=name):
            Assumptions([f"{name}=nonsense"])


def test_a_reset_turns_the_switches_back(sandbox: Sandbox) -> None:
    sandbox.assume(meta="absent")
    sandbox.reset()
    assert sandbox.admin("GET", "state")["assumptions"]["meta"] == "present"
