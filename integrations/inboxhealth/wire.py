"""What goes out and what comes back: the request as its exact bytes, the reply as it was understood.

Owns WireRequest, Reply and the Journal protocol. May import operations, outcome and contract.problem only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from integrations.inboxhealth.contract.problem import messages
from integrations.inboxhealth.operations import Operation
from integrations.inboxhealth.outcome import Outcome


@dataclass(frozen=True)
class WireRequest:
    """A request before it is sent: `body` are the very bytes that are journaled and written to the socket.

    `headers` hold the credential, query and body may hold PHI: none of them shows in the repr.
    """

    operation: Operation = field(repr=False)
    method: str
    url: str
    query: tuple[tuple[str, str], ...] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def full_url(self) -> str:
        """The URL with its query, percent-encoded."""
        return f"{self.url}?{urlencode(self.query)}" if self.query else self.url


@dataclass(frozen=True)
class Reply:
    """What came of a request. `status` is None where no answer came; `seconds` and `retry_after` are seconds.

    `headers` are found in any case. `data` is the parsed JSON, or None where the body is none; what arrived
    of an unreadable body is in `body`.
    """

    outcome: Outcome
    reason: str
    status: int | None
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    data: Any | None = field(repr=False)
    started_at: datetime
    seconds: float
    retry_after: float | None = None
    exchange_id: int | None = None
    whole: bool = True  # False where the answer broke off: `body` is what had arrived until then

    def record(self, root: str) -> dict[str, Any]:
        """The record below the root key, as it came; empty where there is none."""
        found = self.data.get(root) if isinstance(self.data, dict) else None
        return found if isinstance(found, dict) else {}

    def errors(self) -> dict[str, list[str]]:
        """What a refusal says by attribute, `base` for what belongs to none. They may quote PHI: never log
        them.
        """
        return {} if self.outcome is Outcome.ACCEPTED else messages(self.data)


class Journal(Protocol):
    """Who writes down every request before it is sent, and its reply after."""

    def open(self, request: WireRequest) -> int:
        """Commit the request as about to be sent; return its exchange id."""

    def close(self, exchange_id: int, reply: Reply) -> None:
        """Commit the reply of that exchange."""
