"""Endpoints: registering, changing and removing where events are sent to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Caller, basic
from tests.sandbox_process import Sandbox

URL = "https://partner.example/webhooks/abc?x=1"


def test_an_endpoint_is_kept_to_the_letter(api: Caller) -> None:
    made = api.create("endpoint", url=URL, registered_webhooks=["patient_created", "something_new"])
    assert (made["url"], made["registered_webhooks"]) == (URL, ["patient_created", "something_new"])
    assert api.get(f"/endpoints/{made['id']}")["endpoint"] == made
    assert api.ids("/endpoints") == [made["id"]]
    changed = {"endpoint": {"registered_webhooks": ["payment_created"]}}
    seen = api.call("PUT", f"/endpoints/{made['id']}", changed).json["endpoint"]
    assert (seen["url"], seen["registered_webhooks"]) == (URL, ["payment_created"])
    assert api.call("DELETE", f"/endpoints/{made['id']}").status == 200
    assert api.ids("/endpoints") == []


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("url", None),
        ("url", ""),
        ("url", "ftp://partner.example"),
        ("url", "partner.example"),
        ("registered_webhooks", None),
        ("registered_webhooks", []),
        ("registered_webhooks", "patient_created"),
        ("registered_webhooks", [1]),
        ("registered_webhooks", [""]),
    ],
)
def test_url_and_events_are_needed(api: Caller, attribute: str, value: Any) -> None:
    sent = {"url": URL, "registered_webhooks": ["patient_created"], attribute: value}
    seen = api.call("POST", "/endpoints", {"endpoint": sent})
    assert (seen.status, list(seen.json["errors"])) == (422, [attribute])


def test_by_switch_they_can_only_be_made(sandbox: Sandbox, api: Caller) -> None:
    sandbox.assume(endpoints="create_only")
    made = api.create("endpoint", url=URL, registered_webhooks=["patient_created"])
    path = f"/endpoints/{made['id']}"
    answers = [api.call("GET", "/endpoints"), api.call("GET", path), api.call("DELETE", path)]
    assert [one.status for one in answers] == [404, 404, 404]


def test_another_accounts_endpoints_are_not_seen(sandbox: Sandbox, api: Caller) -> None:
    made = api.create("endpoint", url=URL, registered_webhooks=["patient_created"])
    stranger = Caller(sandbox.url, basic(sandbox.admin("POST", "keys", {"account": "other"})["api_key"]))
    assert stranger.ids("/endpoints") == []
    assert stranger.call("DELETE", f"/endpoints/{made['id']}").status == 403
