"""The sending: again after a failure, over a restart, never elsewhere, and not in the way of requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller, basic
from tests.sandbox.listener import Listener, within
from tests.sandbox.money import Books
from tests.sandbox_process import KEY, Sandbox


def states(sandbox: Sandbox) -> list[str]:
    return [one["state"] for one in sandbox.admin("GET", "events")["events"]]


@pytest.fixture
def endpoint(books: Books, listener: Listener) -> int:
    made = books.api.create("endpoint", url=listener.url, registered_webhooks=["patient_updated"])
    return int(made["id"])


@pytest.mark.parametrize("status", [500, 404, 302, 401])
def test_what_is_not_taken_comes_again(
    sandbox: Sandbox, books: Books, listener: Listener, endpoint: int, status: int
) -> None:
    listener.answers = [status]
    books.change("patient", books.patient, city="X")
    first, second = listener.await_number(2)
    assert first.body == second.body
    assert first.headers["x-inboxhealth-signature"] == second.headers["x-inboxhealth-signature"]
    assert second.at - first.at > 0.4
    assert within(2, lambda: states(sandbox) == ["sent"])
    (row,) = sandbox.admin("GET", "events")["events"]
    assert (row["attempts"], row["status"], row["event_type"]) == (2, 200, "patient_updated")


def test_by_switch_it_comes_once_only(
    sandbox: Sandbox, books: Books, listener: Listener, endpoint: int
) -> None:
    sandbox.assume(event_retries="none")
    listener.answers = [500]
    books.change("patient", books.patient, city="X")
    assert within(3, lambda: states(sandbox) == ["failed"])
    assert sandbox.admin("GET", "events")["events"][0]["status"] == 500
    assert sandbox.admin("POST", "events/resend", {}) == {"sending": 1}
    listener.await_number(2)
    assert within(2, lambda: states(sandbox) == ["sent"])


def test_pending_events_outlive_the_process(start: Callable[..., Any], listener: Listener) -> None:
    child, before = start("--no-rate-limit")
    api = Caller(before.url, basic(KEY))
    enterprise = api.create("enterprise", name="X")["id"]
    api.create("endpoint", url=listener.url, registered_webhooks=["patient_created"])
    before.fault(kind="event_delay", delay=0.8)
    made = api.create("patient", **LUIGI, enterprise_id=enterprise)
    assert before.admin("GET", "state")["events"] == {"pending": 1}
    child.kill()
    child.wait(timeout=5)
    _child, after = start("--no-rate-limit")
    (posted,) = listener.await_number(1)
    assert posted.about["id"] == made["id"]
    assert posted.signed_with(KEY, listener.url)
    assert within(2, lambda: after.admin("GET", "state")["events"] == {"sent": 1})


def test_nothing_is_sent_to_another_machine(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(event_retries="none")
    books.api.create("endpoint", url="http://192.0.2.7/x", registered_webhooks=["patient_updated"])
    books.change("patient", books.patient, city="X")
    assert within(3, lambda: states(sandbox) == ["failed"])
    assert "is not this machine" in sandbox.admin("GET", "events")["events"][0]["said"]


def test_a_removed_endpoint_is_told_nothing_more(
    sandbox: Sandbox, books: Books, listener: Listener, endpoint: int
) -> None:
    sandbox.fault(kind="event_delay", delay=0.3)
    books.change("patient", books.patient, city="X")
    books.api.call("DELETE", f"/endpoints/{endpoint}")
    assert within(3, lambda: states(sandbox) == ["cancelled"])
    assert listener.posted == []


def test_an_endpoint_that_moved_is_told_at_its_new_place(
    sandbox: Sandbox, books: Books, listener: Listener, endpoint: int
) -> None:
    sandbox.fault(kind="event_delay", delay=0.3)
    books.change("patient", books.patient, city="X")
    moved = f"{listener.url}&moved=yes"
    books.api.call("PUT", f"/endpoints/{endpoint}", {"endpoint": {"url": moved}})
    (posted,) = listener.await_number(1)
    assert posted.path.endswith("&moved=yes")
    assert posted.signed_with(KEY, moved)


def test_a_slow_listener_does_not_slow_the_api(books: Books, listener: Listener, endpoint: int) -> None:
    listener.pause = 1.0
    begun = time.monotonic()
    for _ in range(6):
        books.change("patient", books.patient, city="X")
    assert time.monotonic() - begun < 1
    listener.await_number(1)


def test_a_reset_forgets_events_and_endpoints(
    sandbox: Sandbox, books: Books, listener: Listener, endpoint: int
) -> None:
    sandbox.fault(kind="event_delay", delay=0.3)
    books.change("patient", books.patient, city="X")
    sandbox.reset()
    time.sleep(0.6)
    assert (states(sandbox), listener.posted) == ([], [])
