"""What comes in and what goes out: Call, Answer, Reply, RefusedError.

Imports nothing of the sandbox but the switches.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.assumptions import Assumptions

Document = dict[str, Any]
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Call:
    """One request as it was read from the socket. Header names are lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    client: str

    @property
    def host(self) -> str:
        return self.headers.get("host", "127.0.0.1")


@dataclass(frozen=True)
class Answer:
    """A status, a body and headers besides those that every answer carries."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An answer and the manner of its sending: plain, drop, hang, drip or half.

    `interval` is the pause between two bytes of a dripping answer, in seconds.
    """

    answer: Answer
    manner: str = "plain"
    interval: float = 0.0


class RefusedError(Exception):
    """A request that is refused: the status, and messages by attribute (`base` for the whole)."""

    def __init__(self, status: int, errors: Errors | str) -> None:
        super().__init__(status)
        self.status = status
        self.errors: Errors = {"base": [errors]} if isinstance(errors, str) else errors


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def page(html: str, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, html.encode(), "text/html; charset=utf-8", named)


def as_answer(problem: RefusedError, switches: Assumptions) -> Answer:
    """A problem in the shape that `error_shape` says, with the status that `error_status` says."""
    status = int(switches["error_status"]) if problem.status == 422 else problem.status
    if switches["error_shape"] == "empty":
        return Answer(status)
    if switches["error_shape"] == "message":
        return as_json({"error": sentence(problem.errors)}, status)
    return as_json({"errors": problem.errors}, status)


def sentence(errors: Errors) -> str:
    parts = [f"{_human(name)}{message}" for name, messages in errors.items() for message in messages]
    return ", ".join(parts)


def _human(attribute: str) -> str:
    if attribute == "base":
        return ""
    return re.sub(r"[._]", " ", attribute).capitalize() + " "
