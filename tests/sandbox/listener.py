"""A partner's web server, as small as can be: keeps what is posted to it and answers what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from integrations.sandbox.webhooks.signing import signature


@dataclass(frozen=True)
class Posted:
    """One request; header names in lower case, `at` by the monotonic clock."""

    path: str
    headers: dict[str, str]
    body: str
    at: float

    @property
    def event(self) -> Any:
        return json.loads(self.body)

    @property
    def about(self) -> Any:
        return self.event["event_data"]["object"]

    def signed_with(self, key: str, url: str) -> bool:
        return self.headers.get("x-inboxhealth-signature") == signature(key, url, self.body)


@dataclass
class Listener:
    """`answers` are given one after the other, then 200; `pause` comes before each, in seconds."""

    answers: list[int] = field(default_factory=list)
    pause: float = 0.0
    posted: list[Posted] = field(default_factory=list)

    def __post_init__(self) -> None:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                time.sleep(listener.pause)
                listener.posted.append(Posted(self.path, headers, body, time.monotonic()))
                self.send_response(listener.answers.pop(0) if listener.answers else 200)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/webhooks/s%20ecret?from=sandbox"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def types(self) -> list[str]:
        return [one.event["event_type"] for one in list(self.posted)]

    def await_number(self, number: int, seconds: float = 5) -> list[Posted]:
        """What was posted, once there is at least that much of it."""
        assert within(seconds, lambda: len(self.posted) >= number), self.types()
        return list(self.posted)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return holds()
