"""The client: prepares a request against the contract, journals it, sends it once, says what happened.

Owns prepare and send. May import the rest of this package; knows neither limiter nor lanes (the caller
reserves).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from integrations.inboxhealth import answer
from integrations.inboxhealth.auth import Credential
from integrations.inboxhealth.errors import LeaseTooShort
from integrations.inboxhealth.operations import OPERATIONS, SANDBOX_OPERATIONS, Operation
from integrations.inboxhealth.outcome import Failure, classify
from integrations.inboxhealth.prepare import body_bytes, fill_path, query_pairs
from integrations.inboxhealth.transport import Received, Transport
from integrations.inboxhealth.wire import Journal, Reply, WireRequest

__all__ = ["Client", "Journal", "Reply", "WireRequest"]

USER_AGENT = "partner-portal/1"


@cache
def _shared_transport() -> Transport:
    """One pool of connections a process: a client is made per call, its connection should outlive it."""
    return Transport()


class Client:
    """Calls on behalf of one credential against one base URL. `deadline` is seconds for a whole call.

    Threads may share it. It sends one request per call and never retries, sleeps, or raises for what the
    other end does. Raises ValueError on a base URL that is none.
    """

    def __init__(
        self,
        base_url: str,
        credential: Credential | None,
        journal: Journal,
        *,
        deadline: float = 30.0,
        user_agent: str = USER_AGENT,
        correlation_id: Callable[[], str] | None = None,
        transport: Transport | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ValueError("The base URL is http(s)://host[:port]/path.")
        self._base_url = base_url.rstrip("/")
        self._root_url = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.netloc
        self._credential = credential
        self._journal = journal
        self._deadline = deadline
        self._user_agent = user_agent
        self._correlation_id = correlation_id
        self._transport = transport or _shared_transport()

    @property
    def deadline(self) -> float:
        """Seconds that a whole call may take."""
        return self._deadline

    def prepare(
        self,
        operation_name: str,
        *,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> WireRequest:
        """The request as it will be sent. `body` is the whole body, root key included: `{"patient": {…}}`.

        Raises InvalidRequest with the attributes that break the contract, KeyError for an unknown operation,
        ValueError for a user agent or correlation id that no header can carry.
        """
        operation = OPERATIONS.get(operation_name) or SANDBOX_OPERATIONS[operation_name]
        content = body_bytes(operation, body)
        base = self._root_url if operation.host_root else self._base_url
        return WireRequest(
            operation=operation,
            method=operation.verb,
            url=base + fill_path(operation, path or {}),
            query=query_pairs(operation, query or {}),
            headers=self._headers(operation, content),
            body=content,
        )

    def send(self, request: WireRequest, *, must_end_by: float | None = None) -> Reply:
        """Journal, send once, classify, journal. `must_end_by` is of time.monotonic: the end of the lease.

        Raises LeaseTooShort (nothing was journaled or sent) when a write could outlast it, and what the
        journal raises.
        """
        writes, left = request.operation.writes, self._left(must_end_by)
        if left <= 0 or (writes and left < self._deadline):
            raise LeaseTooShort(request.operation.name, left, self._deadline)
        exchange_id = self._journal.open(request)
        started_at, start = datetime.now(UTC), time.monotonic()
        left = self._left(must_end_by)
        if left <= 0 or (writes and left < self._deadline):
            # Writing the journal took what the lease had left.
            received = Received(failure=Failure.MUST_END)
        else:
            received = self._transport.send(request, start + min(left, self._deadline))
        reply = _reply(request.operation, received, started_at, time.monotonic() - start, exchange_id)
        self._journal.close(exchange_id, reply)
        return reply

    def call(
        self,
        operation_name: str,
        *,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, Any] | None = None,
        must_end_by: float | None = None,
    ) -> Reply:
        """Prepare and send."""
        request = self.prepare(operation_name, path=path, query=query, body=body)
        return self.send(request, must_end_by=must_end_by)

    def _left(self, must_end_by: float | None) -> float:
        return float("inf") if must_end_by is None else must_end_by - time.monotonic()

    def _headers(self, operation: Operation, content: bytes) -> dict[str, str]:
        headers = {
            "Host": self._host,
            "User-Agent": self._user_agent,
            "Accept": "*/*" if operation.binary else "application/json",
            # A compressed answer could unpack to far more than the cap.
            "Accept-Encoding": "identity",
            "Connection": "keep-alive",
        }
        if operation.verb in ("POST", "PUT"):
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        if self._correlation_id is not None:
            headers["X-Correlation-Id"] = self._correlation_id()
        if self._credential is not None and not operation.host_root:
            headers |= self._credential.headers()
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            # Now, and not as a request that mysteriously can't be sent.
            raise ValueError("A header is printable ASCII.")
        return headers


def _reply(
    operation: Operation, received: Received, started_at: datetime, seconds: float, exchange_id: int
) -> Reply:
    data, failure = answer.read(operation, received)
    outcome, reason = classify(operation, received.status, failure)
    return Reply(
        outcome=outcome,
        reason=reason,
        status=received.status,
        headers=received.headers,
        body=received.body,
        data=data,
        started_at=started_at,
        seconds=seconds,
        retry_after=answer.retry_after(received.headers),
        exchange_id=exchange_id,
        whole=received.failure is None,
    )
