"""What is written to the socket is what was prepared and journaled, and nothing else gets in."""

from __future__ import annotations

import base64
import json
import socket
import time
from pathlib import Path

import pytest

from integrations.inboxhealth.auth import Credential
from integrations.inboxhealth.errors import InvalidRequest
from integrations.inboxhealth.outcome import Outcome
from tests.inboxhealth.conftest import PATIENT, ClientFor, ListJournal, Serve
from tests.inboxhealth.raw_server import answer, sends

GOOD = answer(200, b'{"patient": {"id": 7}, "patients": []}', "Set-Cookie: session=stolen; Path=/")


def stays_open(connection: socket.socket, request: bytes) -> bool:
    connection.sendall(GOOD)
    return True


def test_the_server_sees_exactly_the_journaled_request(
    serve: Serve, client_for: ClientFor, journal: ListJournal
) -> None:
    server = serve(sends(GOOD))
    body = {"patient": PATIENT["patient"] | {"first_name": "Zoë", "last_name": "Núñez 馬"}}
    client_for(server.url, correlation_id=lambda: "c-1").call("patients.create", body=body)
    request = journal.lines[0][1]
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(["POST /partner/v2/patients HTTP/1.1", *lines]).encode()
    assert server.requests == [head + b"\r\n\r\n" + request.body]
    assert request.body == json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    basic = base64.b64encode(b"the-key:").decode()
    assert lines == [
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: partner-portal/1",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: keep-alive",
        "Content-Type: application/json",
        f"Content-Length: {len(request.body)}",
        "X-Correlation-Id: c-1",
        f"Authorization: Basic {basic}",
    ]


def test_a_list_asks_with_an_encoded_query(serve: Serve, client_for: ClientFor) -> None:
    server = serve(sends(GOOD))
    client_for(server.url, credential=Credential("k", "x-api-key")).call(
        "patients.list",
        query={"page": 2, "sort": "-id", "filter[last_name]": "O'Brien & Søn", "filter[removed]": False},
    )
    line, *headers = server.requests[0].decode().splitlines()
    assert line == (
        "GET /partner/v2/patients?page=2&sort=-id&filter%5Blast_name%5D=O%27Brien+%26+S%C3%B8n"
        "&filter%5Bremoved%5D=false HTTP/1.1"
    )
    assert "x-api-key: k" in headers
    assert not any(header.lower().startswith(("authorization", "content-")) for header in headers)


def test_netrc_and_proxies_of_the_surroundings_are_not_read(
    serve: Serve, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trap = serve(sends(GOOD))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login thief password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
    server = serve(sends(GOOD))
    client_for(server.url).call("patients.get", path={"id": 7})
    assert trap.requests == []
    assert b"Authorization: Basic " + base64.b64encode(b"the-key:") in server.requests[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int, serve: Serve, client_for: ClientFor) -> None:
    trap = serve(sends(GOOD))
    server = serve(sends(answer(status, b"", f"Location: {trap.url}/patients")))
    for _ in range(2):
        reply = client_for(server.url).call("patients.create", body=PATIENT)
        assert reply.reason == "redirect"
    assert (len(server.requests), trap.requests) == (2, [])


def test_a_cookie_is_never_sent_back(serve: Serve, client_for: ClientFor) -> None:
    server = serve(stays_open)
    client = client_for(server.url)
    for _ in range(3):
        client.call("patients.get", path={"id": 7})
    assert len(server.requests) == 3
    assert b"stolen" not in b"".join(server.requests)


def test_a_connection_is_used_again_while_it_is_warm(serve: Serve, client_for: ClientFor) -> None:
    server = serve(stays_open)
    client = client_for(server.url)
    for _ in range(5):
        client.call("patients.create", body=PATIENT)
    assert server.connections == 1
    time.sleep(1.1)
    client.call("patients.create", body=PATIENT)
    assert server.connections == 2


def test_a_connection_that_the_server_closed_is_noticed_before_it_is_used(
    serve: Serve, client_for: ClientFor
) -> None:
    server = serve(sends(GOOD))  # closes after each answer without saying so
    client = client_for(server.url)
    for _ in range(10):
        assert client.call("patients.create", body=PATIENT).outcome is Outcome.ACCEPTED
        time.sleep(0.01)
    assert len(server.requests) == 10


def test_the_key_shows_nowhere_in_text(serve: Serve, client_for: ClientFor, journal: ListJournal) -> None:
    client = client_for(serve(sends(GOOD)).url)
    reply = client.call("patients.create", body=PATIENT)
    shown = repr((reply, journal.lines[0][1], Credential("the-key"), reply.exchange_id))
    assert "the-key" not in shown
    assert base64.b64encode(b"the-key:").decode() not in shown
    assert "Edison" not in shown


def test_a_sandbox_key_is_generated_at_the_host_root_without_a_credential(
    serve: Serve, client_for: ClientFor
) -> None:
    server = serve(sends(answer(201, b'{"api_key": "new"}')))
    reply = client_for(server.url).call("sandbox.generate_key")
    assert reply.data == {"api_key": "new"}
    assert server.requests[0].startswith(b"POST /_sandbox/keys HTTP/1.1\r\n")
    assert b"uthorization" not in server.requests[0]


@pytest.mark.parametrize(
    "url", ["ftp://host/partner", "127.0.0.1:8000", "http:///x", "http://u:p@host", "http://h?q=1"]
)
def test_a_base_url_that_is_none_is_refused(url: str, client_for: ClientFor) -> None:
    with pytest.raises(ValueError, match="base URL"):
        client_for(url)


def test_a_correlation_id_that_would_break_the_headers_is_refused(client_for: ClientFor) -> None:
    client = client_for("http://127.0.0.1:1", correlation_id=lambda: "a\r\nX-Evil: 1")
    with pytest.raises(ValueError, match="printable ASCII"):
        client.prepare("patients.list")


def test_a_path_takes_ids_and_nothing_else(client_for: ClientFor) -> None:
    client = client_for("http://127.0.0.1:1/partner/v2")
    assert client.prepare("patients.get", path={"id": 7}).url == "http://127.0.0.1:1/partner/v2/patients/7"
    for path in ({}, {"id": ".."}, {"id": "7/../8"}, {"id": None}, {"id": 7, "more": 1}):
        with pytest.raises(InvalidRequest):
            client.prepare("patients.get", path=path)


def test_no_ssn_and_no_empty_filter_gets_into_a_url(client_for: ClientFor) -> None:
    client = client_for("http://127.0.0.1:1/partner/v2")
    for query in ({"filter[ssn]": "111-11-4444"}, {"filter[enterprise_id]": None}):
        with pytest.raises(InvalidRequest):
            client.prepare("patients.list", query=query)
