"""Old events once more: as they were, or as events of long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.sandbox.listener import Listener, within
from tests.sandbox.money import Books
from tests.sandbox_process import KEY, Sandbox


@pytest.fixture
def told(books: Books, listener: Listener) -> Listener:
    """Three events, already told."""
    books.api.create("endpoint", url=listener.url, registered_webhooks=["patient_updated"])
    for city in ("A", "B", "C"):
        books.change("patient", books.patient, city=city)
    listener.await_number(3)
    return listener


def test_all_are_sent_again_as_they_were(sandbox: Sandbox, told: Listener) -> None:
    before = sorted(one.body for one in told.posted)
    assert sandbox.admin("POST", "events/replay", {"times": 2}) == {"sending": 6}
    assert sorted(one.body for one in told.await_number(9)) == sorted(before * 3)


def test_some_are_sent_again(sandbox: Sandbox, told: Listener) -> None:
    ids = sorted(one.event["id"] for one in told.posted)
    sandbox.admin("POST", "events/replay", {"since": ids[1], "until": ids[1]})
    assert told.await_number(4)[-1].about["city"] == "B"


def test_an_event_of_a_year_ago_is_signed_and_old(sandbox: Sandbox, told: Listener) -> None:
    ids = sorted(one.event["id"] for one in told.posted)
    by_id = {one.event["id"]: one for one in told.posted}
    sandbox.admin("POST", "events/replay", {"since": ids[0], "until": ids[0], "older_by": 365 * 86_400})
    old, first = told.await_number(4)[-1], by_id[ids[0]]
    year = timedelta(days=365)
    assert old.signed_with(KEY, told.url)
    assert old.event["id"] not in ids
    for before, now in (
        (old.event["created_at"], first.event["created_at"]),
        (old.about["updated_at"], first.about["updated_at"]),
    ):
        assert datetime.fromisoformat(now) - datetime.fromisoformat(before) == year
    assert old.about["city"] == "A"


def test_what_is_on_its_way_is_not_sent_twice(sandbox: Sandbox, books: Books, told: Listener) -> None:
    sandbox.fault(kind="event_delay", delay=0.5, count=1)
    books.change("patient", books.patient, city="D")
    (row,) = sandbox.admin("GET", "events?state=pending")["events"]
    assert sandbox.admin("POST", "events/resend", {"ids": [row["id"]]}) == {"sending": 0}
    told.await_number(4)


def test_the_list_says_what_was_sent(sandbox: Sandbox, told: Listener) -> None:
    assert within(2, lambda: sandbox.admin("GET", "state")["events"] == {"sent": 3})
    rows = sandbox.admin("GET", "events")["events"]
    assert {row["body"] for row in rows} == {one.body for one in told.posted}
    assert len(sandbox.admin("GET", f"events?since={rows[1]['id']}")["events"]) == 1


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("replay", {"times": "x"}),
        ("replay", {"since": []}),
        ("replay", {"older_by": None}),
        ("resend", {"ids": 5}),
        ("resend", {"ids": ["x"]}),
    ],
)
def test_what_makes_no_sense_is_refused(sandbox: Sandbox, call: str, body: dict[str, Any]) -> None:
    with pytest.raises(HTTPError, match="400"):
        sandbox.admin("POST", f"events/{call}", body)
