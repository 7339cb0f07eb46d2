"""One deadline for the whole call: whatever drips, hangs or refuses, the call ends by it and says what is
known.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from integrations.inboxhealth.errors import LeaseTooShort
from integrations.inboxhealth.outcome import Outcome
from tests.inboxhealth.conftest import PATIENT, ClientFor, ListJournal, Serve
from tests.inboxhealth.raw_server import answer, drips, sends, stays_silent

GOOD = answer(201, b'{"patient": {"id": 7}}')
DEADLINE = 0.6
# For a busy machine; what the servers here do lasts three seconds and longer.
SLACK = 1.5


def dripping_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
    drips(b"x" * 1000, 0.05)(connection, request)


def dripping_chunks(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n")
    drips(b"1\r\nx\r\n" * 200, 0.02)(connection, request)


def endless_continues(connection: socket.socket, request: bytes) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.02)


@pytest.mark.parametrize(
    "handler", [dripping_body, dripping_chunks, drips(GOOD), endless_continues, stays_silent]
)
def test_a_call_ends_by_its_deadline(
    handler: Callable[[socket.socket, bytes], None], serve: Serve, client_for: ClientFor
) -> None:
    client = client_for(serve(handler).url, deadline=DEADLINE)
    start = time.monotonic()
    reply = client.call("patients.create", body=PATIENT)
    assert time.monotonic() - start < DEADLINE + SLACK
    assert reply.seconds == pytest.approx(DEADLINE, abs=SLACK)
    assert (reply.outcome, reply.reason) == (Outcome.UNKNOWN, "read_timeout")


def test_a_slow_answer_inside_the_deadline_is_taken(serve: Serve, client_for: ClientFor) -> None:
    reply = client_for(serve(drips(GOOD, 0.002)).url, deadline=2).call("patients.create", body=PATIENT)
    assert reply.outcome is Outcome.ACCEPTED


def test_a_server_that_takes_nothing_in_ends_the_call_too(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/partner/v2"
        body = {"patient": PATIENT["patient"] | {"city": "x" * 20_000_000}}
        start = time.monotonic()
        reply = client_for(url, deadline=DEADLINE).call("patients.create", body=body)
    assert time.monotonic() - start < DEADLINE + SLACK
    assert (reply.outcome, reply.reason) == (Outcome.UNKNOWN, "read_timeout")


def test_a_refused_connection_was_never_processed(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    reply = client_for(f"http://127.0.0.1:{port}/partner/v2").call("patients.create", body=PATIENT)
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "connection_refused")


def test_a_connection_that_never_comes_about_was_never_processed(client_for: ClientFor) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for filler in waiting:  # a full queue lets the next connection wait
            filler.setblocking(False)
            filler.connect_ex(address)
        url = f"http://127.0.0.1:{address[1]}/partner/v2"
        reply = client_for(url, deadline=DEADLINE).call("patients.create", body=PATIENT)
        for filler in waiting:
            filler.close()
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "connect_timeout")


def test_a_name_that_is_not_found_was_never_processed(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_found(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    reply = client_for("http://api.example.invalid/partner/v2").call("patients.create", body=PATIENT)
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "dns")


def test_a_resolver_that_hangs_ends_the_call_too(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def hangs(*args: object, **kwargs: object) -> None:
        if kwargs.get("flags") != socket.AI_NUMERICHOST:
            release.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    start = time.monotonic()
    reply = client_for("http://api.example.invalid/x", deadline=DEADLINE).call(
        "patients.create", body=PATIENT
    )
    release.set()
    assert time.monotonic() - start < DEADLINE + SLACK
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "dns")


def test_a_write_is_refused_when_the_lease_could_end_first(
    serve: Serve, client_for: ClientFor, journal: ListJournal
) -> None:
    server = serve(sends(GOOD))
    client = client_for(server.url, deadline=5)
    request = client.prepare("patients.create", body=PATIENT)
    with pytest.raises(LeaseTooShort):
        client.send(request, must_end_by=time.monotonic() + 4.9)
    assert (server.requests, journal.lines) == ([], [])
    assert client.send(request, must_end_by=time.monotonic() + 60).outcome is Outcome.ACCEPTED


def test_a_write_is_not_sent_when_the_journal_used_up_the_lease(
    serve: Serve, client_for: ClientFor, journal: ListJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(sends(GOOD))
    quick = journal.open
    monkeypatch.setattr(journal, "open", lambda request: (time.sleep(0.3), quick(request))[1])
    client = client_for(server.url, deadline=1)
    reply = client.send(client.prepare("patients.create", body=PATIENT), must_end_by=time.monotonic() + 1.2)
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "must_end")
    assert server.requests == []
    assert [line for line, _ in journal.lines] == ["open", "close"]


def test_a_read_is_cut_to_what_the_lease_has_left(serve: Serve, client_for: ClientFor) -> None:
    client = client_for(serve(stays_silent).url, deadline=5)
    start = time.monotonic()
    reply = client.call("patients.get", path={"id": 7}, must_end_by=start + 0.4)
    assert time.monotonic() - start < 0.4 + SLACK
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "read_timeout")
