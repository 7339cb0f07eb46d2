"""The journal has the request before the socket has a byte of it; a journal that fails stops the call."""

from __future__ import annotations

import socket

import pytest

from integrations.inboxhealth.client import Client, Reply, WireRequest
from tests.inboxhealth.conftest import PATIENT, ClientFor, ListJournal, Serve
from tests.inboxhealth.raw_server import answer, sends

GOOD = answer(201, b'{"patient": {"id": 7}}', "Retry-After: 3")


class FullDisk:
    """A journal that can't write."""

    def open(self, request: WireRequest) -> int:
        raise OSError("no space left")

    def close(self, exchange_id: int, reply: Reply) -> None:
        raise AssertionError("nothing was sent")


def test_the_request_is_journaled_before_the_server_sees_it(
    serve: Serve, client_for: ClientFor, journal: ListJournal
) -> None:
    seen: list[list[str]] = []

    def handler(connection: socket.socket, request: bytes) -> None:
        seen.append([line for line, _ in journal.lines])
        connection.sendall(GOOD)

    reply = client_for(serve(handler).url).call("patients.create", body=PATIENT)
    assert seen == [["open"]]
    assert journal.lines[1] == ("close", reply)
    assert (reply.exchange_id, reply.retry_after) == (1, 3.0)


def test_nothing_is_sent_when_the_journal_fails(serve: Serve) -> None:
    server = serve(sends(GOOD))
    client = Client(server.url, None, FullDisk())
    with pytest.raises(OSError, match="no space"):
        client.call("patients.create", body=PATIENT)
    assert server.requests == []
    assert server.connections == 0


def test_a_call_that_gets_no_answer_is_closed_in_the_journal_too(
    client_for: ClientFor, journal: ListJournal
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    reply = client_for(f"http://127.0.0.1:{port}").call("patients.create", body=PATIENT)
    assert [line for line, _ in journal.lines] == ["open", "close"]
    assert (reply.status, reply.body, reply.data) == (None, b"", None)
