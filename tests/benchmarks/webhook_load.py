"""The other side of the webhook benchmark: posts signed events, or inserts the same bytes bare. A program.

Reads {"mode", "url"/"database", "connections", "seconds", "rate", "posts": [[body, signature]]} on stdin.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg

_INSERT = """INSERT INTO bench_bare (endpoint_id, event_key, event_type, noun, object_id, body, signed_by)
VALUES (%s, %s, %s, %s, %s, %s, %s)"""


def poster(order: dict[str, Any]) -> Callable[[list[str]], None]:
    """Posts on one connection that is kept open; on the bare socket, so that the load costs little itself."""
    parts = urlsplit(order["url"])
    connection = socket.create_connection((parts.hostname or "", parts.port), 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"

    def post(one: list[str]) -> None:
        body = one[0].encode()
        own = f"X-InboxHealth-Signature: {one[1]}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + own).encode() + body)
        answer = b""
        while not answer.endswith(b"\r\n\r\n{}"):
            piece = connection.recv(65_536)
            assert piece and (answer + piece).startswith(b"HTTP/1.1 200 "), answer + piece
            answer += piece

    return post


def inserter(order: dict[str, Any]) -> Callable[[list[str]], None]:
    """One row, one commit, prepared."""
    connection = psycopg.connect(order["database"], autocommit=True)

    def insert(one: list[str]) -> None:
        key = one[1][:40]
        values = (1, key, "patient_updated", "patient", 669, one[0].encode(), "abc")
        connection.execute(_INSERT, values, prepare=True)

    return insert


def main() -> None:
    order = json.load(sys.stdin)
    make = poster if order["mode"] == "post" else inserter
    waiting, lock, taken = iter(enumerate(order["posts"])), threading.Lock(), list[float]()
    begun = time.perf_counter() + 0.2
    rate = order.get("rate")

    broken: list[str] = []

    def work() -> None:
        try:
            _work(make(order))
        except Exception as error:
            broken.append(repr(error))

    def _work(act: Callable[[list[str]], None]) -> None:
        while True:
            with lock:
                found = next(waiting, None)
            if found is None:
                return
            number, one = found
            due = begun + number / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            act(one)
            taken.append(time.perf_counter() - due)

    threads = [threading.Thread(target=work) for _ in range(order["connections"])]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken, broken
    print(json.dumps({"seconds": time.perf_counter() - start, "latencies": taken}))


if __name__ == "__main__":
    main()
