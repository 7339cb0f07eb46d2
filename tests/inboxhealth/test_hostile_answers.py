"""Whatever the other end sends, the call ends with an outcome that is safe to act on."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable

import pytest

from integrations.inboxhealth.outcome import Outcome
from tests.inboxhealth.conftest import PATIENT, ClientFor, Serve
from tests.inboxhealth.raw_server import answer, drips, resets, sends, stays_silent

HTML = b"<html><body>Bad gateway</body></html>"
GOOD = b'{"patient": {"id": 7}}'

CASES: dict[str, tuple[Callable[[socket.socket, bytes], None], Outcome, str, int | None]] = {
    "a good answer": (sends(answer(201, GOOD)), Outcome.ACCEPTED, "accepted", 201),
    "another 2xx": (sends(answer(200, GOOD)), Outcome.ACCEPTED, "accepted", 200),
    "HTML with success": (sends(answer(200, HTML)), Outcome.UNKNOWN, "html_instead_of_json", 200),
    "HTML from a proxy": (sends(answer(502, HTML)), Outcome.UNKNOWN, "http_502", 502),
    "an empty success": (sends(answer(201, b"")), Outcome.UNKNOWN, "empty_body", 201),
    "no content": (sends(b"HTTP/1.1 204 No Content\r\n\r\n"), Outcome.UNKNOWN, "empty_body", 204),
    "half an answer": (sends(answer(201, GOOD[:9], length=22)), Outcome.UNKNOWN, "truncated", 201),
    "half JSON": (sends(answer(201, GOOD[:9])), Outcome.UNKNOWN, "not_json", 201),
    "half a chunk": (
        sends(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n{}"),
        Outcome.UNKNOWN,
        "truncated",
        201,
    ),
    "not a number": (sends(answer(201, b'{"patient": {"id": NaN}}')), Outcome.UNKNOWN, "not_json", 201),
    "JSON too deep": (sends(answer(201, b"[" * 200_000)), Outcome.UNKNOWN, "not_json", 201),
    "a huge body": (sends(answer(201, b" " * 6_000_000 + GOOD)), Outcome.UNKNOWN, "too_large", 201),
    "no root key": (sends(answer(201, b'{"id": 7}')), Outcome.UNKNOWN, "root_missing", 201),
    "no id": (sends(answer(201, b'{"patient": {}}')), Outcome.UNKNOWN, "id_missing", 201),
    "a reset": (resets, Outcome.UNKNOWN, "reset_after_send", None),
    "a close": (sends(b""), Outcome.UNKNOWN, "closed_without_answer", None),
    "a close inside the headers": (sends(b"HTTP/1.1 201 Cre"), Outcome.UNKNOWN, "empty_body", 201),
    "no HTTP at all": (sends(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Outcome.UNKNOWN, "bad_answer", None),
    "endless headers": (
        sends(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000),
        Outcome.UNKNOWN,
        "bad_answer",
        None,
    ),
    "silence": (stays_silent, Outcome.UNKNOWN, "read_timeout", None),
    "dripping headers": (drips(answer(201, GOOD)), Outcome.UNKNOWN, "read_timeout", None),
    "a moved address": (
        sends(answer(307, b"", "Location: http://127.0.0.1:1/")),
        Outcome.NOT_PROCESSED,
        "redirect",
        307,
    ),
    "see other": (sends(answer(303, b"", "Location: /")), Outcome.UNKNOWN, "redirect", 303),
    "too many requests": (sends(answer(429, HTML)), Outcome.NOT_PROCESSED, "rate_limited", 429),
    "a refused key": (sends(answer(401, b"")), Outcome.UNAUTHORISED, "key_refused", 401),
    "a refusal": (
        sends(answer(422, b'{"errors": {"zip": ["is bad"]}}')),
        Outcome.REJECTED,
        "validation",
        422,
    ),
    "an unreadable refusal": (sends(answer(422, b"{", length=9)), Outcome.REJECTED, "validation", 422),
}


@pytest.mark.parametrize("case", CASES)
def test_a_create_survives(case: str, serve: Serve, client_for: ClientFor) -> None:
    handler, outcome, reason, status = CASES[case]
    server = serve(handler)
    reply = client_for(server.url, deadline=0.5).call("patients.create", body=PATIENT)
    assert (reply.outcome, reply.reason, reply.status) == (outcome, reason, status)
    assert len(server.requests) == 1
    assert len(reply.body) <= 5_000_000


def test_a_read_is_never_left_unknown(serve: Serve, client_for: ClientFor) -> None:
    for handler, _, _, _ in CASES.values():
        reply = client_for(serve(handler).url, deadline=0.4).call("patients.get", path={"id": 7})
        assert reply.outcome is not Outcome.UNKNOWN


def test_a_delete_or_an_update_without_content_is_accepted(serve: Serve, client_for: ClientFor) -> None:
    client = client_for(serve(sends(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")).url)
    assert client.call("practices.delete", path={"id": 7}).outcome is Outcome.ACCEPTED
    update = {"id": 7, "patient": {"city": "New Haven"}}
    assert client.call("patients.update", path={"id": 7}, body=update).outcome is Outcome.ACCEPTED


def test_a_missing_record_is_gone_unless_a_proxy_says_so(serve: Serve, client_for: ClientFor) -> None:
    def asked(body: bytes) -> Outcome:
        return client_for(serve(sends(answer(404, body))).url).call("patients.get", path={"id": 7}).outcome

    assert asked(b'{"error": "Not found"}') is Outcome.GONE
    assert asked(b"") is Outcome.GONE
    assert asked(HTML) is Outcome.REJECTED


def test_a_file_is_taken_as_it_comes(serve: Serve, client_for: ClientFor) -> None:
    reply = client_for(serve(sends(answer(200, b"%PDF \xff"))).url).call(
        "attachments.download", path={"id": 9}
    )
    assert (reply.outcome, reply.body, reply.data) == (Outcome.ACCEPTED, b"%PDF \xff", None)


def test_a_compressed_answer_is_read_though_none_was_asked_for(serve: Serve, client_for: ClientFor) -> None:
    body = gzip.compress(GOOD)
    reply = client_for(serve(sends(answer(201, body, "Content-Encoding: gzip"))).url).call(
        "patients.create", body=PATIENT
    )
    assert reply.record("patient") == {"id": 7}


def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off(serve: Serve, client_for: ClientFor) -> None:
    bomb = gzip.compress(b" " * 60_000_000, compresslevel=1)
    reply = client_for(serve(sends(answer(201, bomb, "Content-Encoding: gzip"))).url, deadline=5).call(
        "patients.create", body=PATIENT
    )
    assert reply.reason == "too_large"
    assert len(reply.body) <= 5_000_000


def test_an_answer_after_a_continue_is_found(serve: Serve, client_for: ClientFor) -> None:
    server = serve(sends(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(201, GOOD)))
    assert client_for(server.url).call("patients.create", body=PATIENT).outcome is Outcome.ACCEPTED


def test_refusals_are_read_in_all_their_shapes(serve: Serve, client_for: ClientFor) -> None:
    def errors(body: object) -> dict[str, list[str]]:
        server = serve(sends(answer(400, json.dumps(body).encode())))
        return client_for(server.url).call("patients.create", body=PATIENT).errors()

    assert errors({"errors": {"zip": ["is invalid", "is short"], "ssn": "bad"}}) == {
        "zip": ["is invalid", "is short"],
        "ssn": ["bad"],
    }
    assert errors({"errors": ["one", "two"]}) == {"base": ["one", "two"]}
    assert errors({"errors": [{"zip": "is invalid"}]}) == {"base": ["zip is invalid"]}
    assert errors({"error": "no"}) == {"base": ["no"]}
    assert errors(["no"]) == {}


def test_many_threads_share_one_client(serve: Serve, client_for: ClientFor) -> None:
    def handler(connection: socket.socket, request: bytes) -> bool:
        number = json.loads(request.partition(b"\r\n\r\n")[2])["patient"]["health_record_id"]
        time.sleep(0.001)
        connection.sendall(answer(201, json.dumps({"patient": {"id": int(number)}}).encode()))
        return True

    client, wrong = client_for(serve(handler).url), []

    def work(first: int) -> None:
        for number in range(first, first + 50):
            body = {"patient": PATIENT["patient"] | {"health_record_id": str(number)}}
            if client.call("patients.create", body=body).record("patient") != {"id": number}:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(1 + 50 * k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


LONG = json.dumps({"patient": {"id": 7, "notes": "x" * 70_000}}).encode()
_HEAD = b"HTTP/1.1 201 Created\r\n"
BROKEN_OFF: dict[str, Callable[[bytes], bytes]] = {
    "by length": lambda part: answer(201, part, length=len(LONG)),
    "within a chunk": lambda part: _HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(LONG) + part,
    "between two chunks": lambda part: (
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(part) + part + b"\r\n"
    ),
}
ENDS: dict[str, float] = {"closed": 0.0, "reset": 0.0, "silent": 2.0}


@pytest.mark.parametrize("arrived", [1, 1_000, 65_536, len(LONG) - 1])
@pytest.mark.parametrize("form", BROKEN_OFF)
@pytest.mark.parametrize("end", ENDS)
def test_every_byte_that_arrived_of_a_broken_answer_is_kept(
    end: str, form: str, arrived: int, serve: Serve, client_for: ClientFor
) -> None:
    def breaks_off(connection: socket.socket, request: bytes) -> None:
        connection.sendall(BROKEN_OFF[form](LONG[:arrived]))
        time.sleep(ENDS[end] or 0.1)
        if end == "reset":
            resets(connection, request)

    reply = client_for(serve(breaks_off).url, deadline=0.6).call("patients.create", body=PATIENT)
    assert reply.outcome is Outcome.UNKNOWN
    assert reply.body == LONG[:arrived]
    assert not reply.whole
