"""The client itself costs little beside the request: a thread makes hundreds of calls a second."""

from __future__ import annotations

import socket
import time

import pytest

from tests.inboxhealth.conftest import PATIENT, ClientFor, Serve
from tests.inboxhealth.raw_server import answer

GOOD = answer(201, b'{"patient": {"id": 7}}')


def stays_open(connection: socket.socket, request: bytes) -> bool:
    connection.sendall(GOOD)
    return True


@pytest.mark.bench
def test_a_thread_makes_400_calls_a_second(serve: Serve, client_for: ClientFor) -> None:
    client = client_for(serve(stays_open).url)
    rates = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(400):
            assert client.call("patients.create", body=PATIENT).status == 201
        rates.append(400 / (time.perf_counter() - start))
    print(f"calls a second: {max(rates):.0f}")
    assert max(rates) >= 400
