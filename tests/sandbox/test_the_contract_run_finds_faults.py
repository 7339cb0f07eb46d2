"""The schemathesis run is no empty promise: with one deliberate fault in the sandbox, it fails on it.

A 5xx and an answer of another type are the sandbox's own scripted faults; a status and a body outside the
document come from a door before it, which passes everything else on.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from schemathesis.core.failures import Failure, FailureGroup, ServerError
from schemathesis.openapi.checks import JsonSchemaError, UndefinedContentType, UndefinedStatusCode

from integrations.inboxhealth.operations import OPERATIONS
from tests.sandbox.conftest import Caller
from tests.sandbox.test_reference_contract import hold
from tests.sandbox_process import Sandbox

Change = Callable[[int, bytes], tuple[int, bytes]]
GET = "enterprises.get"


@contextmanager
def door(base_url: str, change: Change) -> Iterator[str]:
    """A server before the sandbox that changes its answers to GETs; the base URL to call."""
    behind = urlsplit(base_url)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            connection = http.client.HTTPConnection(behind.netloc, timeout=10)
            connection.request("GET", self.path, headers=dict(self.headers))
            answer = connection.getresponse()
            status, body = change(answer.status, answer.read())
            self.send_response(status)
            self.send_header("Content-Type", str(answer.getheader("Content-Type")))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{behind.path}"
    finally:
        server.shutdown()
        server.server_close()


def found(base_url: str, ids: dict[str, int]) -> set[type[Failure]]:
    """The kinds of failure that a short run of one read brings; none where it passes."""
    try:
        hold(base_url, OPERATIONS[GET], ids, 5)
    except FailureGroup as group:
        return {type(one) for one in group.exceptions if isinstance(one, Failure)}
    except Failure as one:
        return {type(one)}
    return set()


@pytest.fixture
def ids(api: Caller) -> dict[str, int]:
    return {"enterprise": api.create("enterprise", name="Thimbleweed Clinic")["id"]}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "500_before"}, ServerError),
        ({"kind": "html", "status": 200}, UndefinedContentType),
    ],
)
def test_a_fault_of_the_sandbox_is_found(
    sandbox: Sandbox, ids: dict[str, int], fault: dict[str, object], kind: type[Failure]
) -> None:
    sandbox.fault(**fault, operation=GET)
    assert kind in found(sandbox.base_url, ids)


def _other_status(status: int, body: bytes) -> tuple[int, bytes]:
    return (299, body) if status == 200 else (status, body)


def _id_as_text(status: int, body: bytes) -> tuple[int, bytes]:
    if status != 200:
        return status, body
    answer = json.loads(body)
    answer["enterprise"]["id"] = "seven"
    return status, json.dumps(answer).encode()


def _nothing(status: int, body: bytes) -> tuple[int, bytes]:
    return status, body


@pytest.mark.parametrize(
    ("change", "kinds"),
    [(_nothing, set()), (_other_status, {UndefinedStatusCode}), (_id_as_text, {JsonSchemaError})],
)
def test_an_answer_outside_the_document_is_found(
    sandbox: Sandbox, ids: dict[str, int], change: Change, kinds: set[type[Failure]]
) -> None:
    with door(sandbox.base_url, change) as base_url:
        assert found(base_url, ids) == kinds
