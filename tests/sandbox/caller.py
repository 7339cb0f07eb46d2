"""A bare HTTP caller of the sandbox, and how a key is sent."""

from __future__ import annotations

import base64
import http.client
import json
from dataclasses import dataclass, field
from typing import Any

LUIGI = {"first_name": "Luigi", "last_name": "Mario"}


@dataclass
class Seen:
    """What came back: headers in lower case, `json` null where the body is none."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Caller:
    """Talks to a sandbox as plainly as can be; `headers` go with every request."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, body: bytes | str | None = None, timeout: float = 5, **headers: str
    ) -> Seen:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {**self.headers, **named})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Seen(answer.status, found, answer.read())
        finally:
            connection.close()

    def call(self, method: str, path: str, body: Any = None, timeout: float = 5) -> Seen:
        """`path` below /partner/v2."""
        text = None if body is None else json.dumps(body)
        return self.send(method, f"/partner/v2{path}", text, timeout, Content_Type="application/json")

    def get(self, path: str) -> Any:
        seen = self.call("GET", path)
        assert seen.status == 200, seen
        return seen.json

    def create(self, singular: str, **attributes: Any) -> Any:
        seen = self.call("POST", f"/{singular}s", {singular: attributes})
        assert seen.status in {200, 201}, seen
        return seen.json[singular]

    def ids(self, path: str) -> list[int]:
        rows = next(iter(self.get(path).values()))
        return [row["id"] for row in rows]


def basic(key: str, password: str = "") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:{password}".encode()).decode()}
