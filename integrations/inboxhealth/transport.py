"""One request, sent once: no redirect, no retry, no sleep, nothing read from the environment, one deadline.

Owns the way onto the wire. May import deadline, outcome, wire and requests; knows neither journal nor
limiter.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_ import create_urllib3_context

from integrations.inboxhealth.deadline import Budget, DeadlinePool, DeadlineSSLSocket, DeadlineTLSPool, begin
from integrations.inboxhealth.outcome import Failure
from integrations.inboxhealth.wire import WireRequest

BODY_CAP = 5_000_000
_CHUNK = 65_536
_BROKEN = (RequestException, HTTPError, HTTPException, OSError, ValueError)


@dataclass(frozen=True)
class Received:
    """What came back: `status` None where no status line came; `failure` what kept the answer from being
    whole.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: Failure | None = None


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        context = create_urllib3_context()
        context.sslsocket_class = DeadlineSSLSocket
        super().init_poolmanager(connections, maxsize, block, ssl_context=context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": DeadlinePool, "https": DeadlineTLSPool}


class Transport:
    """Connections that threads may share; `ca_bundle` is a file of trusted roots, certifi's where None.

    The adapter is used without a Session, which is more than `trust_env=False`: no .netrc, no proxy, no
    cookie, no redirect and no header that is not in the request.
    """

    def __init__(self, ca_bundle: str | None = None) -> None:
        self._verify: bool | str = ca_bundle or True
        self._lock = threading.Lock()
        self._pid = 0
        self._adapter = self._fresh()

    def send(self, request: WireRequest, ends_at: float) -> Received:
        """Send `request` once; it ends by `ends_at` (of time.monotonic) at the latest, and never raises for
        it.
        """
        budget = Budget(ends_at)
        begin(budget)
        try:
            response = self._own().send(
                _prepared(request), stream=True, timeout=None, verify=self._verify, proxies={}
            )
        except _BROKEN as error:
            return Received(failure=_blame(budget, error))
        return _read(response, budget)

    def close(self) -> None:
        """Close what is idle."""
        self._adapter.close()

    def _own(self) -> HTTPAdapter:
        # Two processes on one connection would read each other's answers: after a fork, begin anew.
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._adapter = self._fresh()
        return self._adapter

    def _fresh(self) -> HTTPAdapter:
        self._pid = os.getpid()
        return _Adapter(pool_connections=4, pool_maxsize=64, max_retries=0)


def _prepared(request: WireRequest) -> PreparedRequest:
    prepared = PreparedRequest()
    prepared.method = request.method
    prepared.url = request.full_url
    prepared.headers = CaseInsensitiveDict(request.headers)
    prepared.body = request.body or None
    return prepared


def _blame(budget: Budget, error: Exception) -> Failure:
    """What the sockets blamed, else what the parser of answers stumbled on."""
    if budget.failure is not None:
        return budget.failure
    if not budget.written:
        return Failure.UNREACHABLE
    return Failure.CLOSED_WITHOUT_ANSWER if _caused_by(error, RemoteDisconnected) else Failure.BAD_ANSWER


def _caused_by(error: BaseException, kind: type[Exception]) -> bool:
    """Whether a `kind` is in the chain: requests and urllib3 wrap what they catch, some in args."""
    wrapped = [part for part in error.args if isinstance(part, BaseException)]
    inner = [part for part in (error.__cause__, error.__context__, *wrapped) if part is not None]
    return isinstance(error, kind) or any(_caused_by(part, kind) for part in inner)


def _read(response: Response, budget: Budget) -> Received:
    """The answer, up to the cap, or what arrived of it. One that was not read to its end is closed.

    `read1` gives each piece as it arrives. `read` would keep it back until the chunk is full, and lose it
    with the connection.
    """
    body, failure = bytearray(), None
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > BODY_CAP:
                failure = Failure.TOO_LARGE
                break
    except _BROKEN as error:
        short = _caused_by(error, IncompleteRead)
        failure = budget.failure or (Failure.TRUNCATED if short else Failure.BAD_ANSWER)
    if failure is not None:
        response.close()
    return Received(response.status_code, response.headers, bytes(body[:BODY_CAP]), failure)
