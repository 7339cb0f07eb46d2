"""Events that go wrong by script: lost, repeated, late, shuffled, forged, and faster than the answer."""

from __future__ import annotations

import threading
import time

import pytest

from integrations.sandbox.webhooks.forging import ID_OFFSET, MARK
from tests.sandbox.listener import Listener, within
from tests.sandbox.money import Books
from tests.sandbox_process import KEY, Sandbox


@pytest.fixture
def heard(books: Books, listener: Listener) -> Listener:
    wanted = ["patient_updated", "payment_created"]
    books.api.create("endpoint", url=listener.url, registered_webhooks=wanted)
    return listener


def change(books: Books, *cities: str) -> None:
    for city in cities:
        assert books.change("patient", books.patient, city=city).status == 200


def test_a_lost_event_is_never_sent_until_it_is_asked_for(
    sandbox: Sandbox, books: Books, heard: Listener
) -> None:
    sandbox.fault(kind="event_lose", operation="patient_*", count=1)
    change(books, "A", "B")
    assert [one.about["city"] for one in heard.await_number(1)] == ["B"]
    (lost,) = sandbox.admin("GET", "events?state=lost")["events"]
    assert sandbox.admin("POST", "events/resend", {"ids": [lost["id"]]}) == {"sending": 1}
    assert [one.about["city"] for one in heard.await_number(2)] == ["B", "A"]
    assert [one["fired"] for one in sandbox.admin("GET", "faults")["faults"]] == [1]


def test_a_repeated_event_is_the_same_to_the_letter(sandbox: Sandbox, books: Books, heard: Listener) -> None:
    sandbox.fault(kind="event_repeat", copies=3, count=1)
    change(books, "A", "B")
    bodies = [one.body for one in heard.await_number(5)]
    assert sorted(bodies.count(one) for one in set(bodies)) == [1, 4]


def test_a_fault_is_matched_by_the_events_type(sandbox: Sandbox, books: Books, heard: Listener) -> None:
    sandbox.fault(kind="event_lose", operation="payment_created")
    books.payment(100)
    change(books, "A")
    heard.await_number(1)
    assert heard.types() == ["patient_updated"]


def test_a_delayed_event_takes_its_time(sandbox: Sandbox, books: Books, heard: Listener) -> None:
    sandbox.fault(kind="event_delay", delay=0.6, count=1)
    begun = time.monotonic()
    change(books, "A")
    (posted,) = heard.await_number(1)
    assert posted.at - begun >= 0.6


def test_shuffled_events_come_in_another_order(sandbox: Sandbox, books: Books, heard: Listener) -> None:
    sandbox.fault(kind="event_shuffle", window=0.6, seed=3)
    cities = [f"City {number}" for number in range(12)]
    change(books, *cities)
    came = [one.about["city"] for one in heard.await_number(12)]
    assert came != cities
    assert sorted(came) == sorted(cities)


@pytest.mark.parametrize("manner", ["wrong_key", "altered_body", "unsigned", "other_url"])
def test_a_forged_event_comes_besides_and_is_not_signed_rightly(
    sandbox: Sandbox, books: Books, heard: Listener, manner: str
) -> None:
    sandbox.fault(kind="event_forge", manner=manner, count=1)
    change(books, "A")
    heard.await_number(2)
    (forged,) = [one for one in heard.posted if one.about.get(MARK)]
    (true,) = [one for one in heard.posted if not one.about.get(MARK)]
    assert forged.event["id"] == true.event["id"] + ID_OFFSET
    assert (true.signed_with(KEY, heard.url), forged.signed_with(KEY, heard.url)) == (True, False)
    assert ("x-inboxhealth-signature" in forged.headers) == (manner != "unsigned")


def test_an_event_may_be_faster_than_the_answer(sandbox: Sandbox, books: Books, heard: Listener) -> None:
    sandbox.fault(kind="event_faster_than_answer", count=1)
    heard.pause = 0.3
    change(books, "A")
    assert len(heard.posted) == 1


def test_an_answer_does_not_wait_for_ever_for_its_event(
    sandbox: Sandbox, books: Books, heard: Listener
) -> None:
    sandbox.fault(kind="event_faster_than_answer", count=1)
    heard.pause = 4.0
    begun = time.monotonic()
    change(books, "A")
    assert 1.5 < time.monotonic() - begun < 3.5


def test_faults_of_one_event_add_up(sandbox: Sandbox, books: Books, heard: Listener) -> None:
    sandbox.fault(kind="event_repeat", copies=1)
    sandbox.fault(kind="event_forge", manner="unsigned")
    sandbox.fault(kind="event_delay", delay=0.2)
    change(books, "A")
    heard.await_number(3)
    assert len(sandbox.admin("GET", "events")["events"]) == 3


def test_a_storm_arrives_whole(sandbox: Sandbox, books: Books, heard: Listener) -> None:
    sandbox.fault(kind="event_repeat", probability=0.5, seed=1)
    sandbox.fault(kind="event_shuffle", window=0.5, seed=2)
    sandbox.fault(kind="event_lose", probability=0.2, seed=3)
    threads = [
        threading.Thread(target=change, args=(books, *(f"{writer}-{n}" for n in range(20))))
        for writer in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert within(10, lambda: not sandbox.admin("GET", "events?state=pending")["events"])
    rows = sandbox.admin("GET", "events")["events"]
    lost = {row["event"] for row in rows if row["state"] == "lost"}
    came = {one.event["id"] for one in heard.posted}
    assert 5 < len(lost) < 30
    assert came == {row["event"] for row in rows} - lost
    assert len(came) + len(lost) == 80
    assert len(heard.posted) == sum(row["state"] == "sent" for row in rows) > len(came)
    assert all(one.signed_with(KEY, heard.url) for one in heard.posted)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "event_repeat", "copies": -1},
        {"kind": "event_repeat", "copies": 1.5},
        {"kind": "event_forge", "manner": "well"},
        {"kind": "event_shuffle", "window": "long"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox, fault: dict[str, object]) -> None:
    with pytest.raises(OSError, match="400"):
        sandbox.admin("POST", "faults", fault)
