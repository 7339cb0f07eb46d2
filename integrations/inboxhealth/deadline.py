"""Sockets that keep one total deadline per call, and know whether anything was written.

Owns Budget and the connection classes. May import outcome, and urllib3 (the engine inside requests).

requests' own time-out counts from one received byte to the next, so a dripping body outlives it (measured: 10
s at `timeout=(1, 1)`). Here each wait on the socket gets what is left of the whole call, headers and TLS
included.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from integrations.inboxhealth.outcome import Failure

# A connection idle for longer is not used again. Servers close idle connections without warning, and a
# request written into that moment has an unknown outcome; a new connection costs a round trip.
IDLE_SECONDS = 1.0


class Budget:
    """The time left for one call, whether a byte of it was written, and what failed first."""

    __slots__ = ("ends_at", "failure", "written")

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.written = False
        self.failure: Failure | None = None

    def left(self) -> float:
        """Seconds left, above 0. Raises TimeoutError when there are none."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's deadline has passed")
        return left

    def blame(self, failure: Failure) -> None:
        """Keep the first failure: what urllib3 raises later is a consequence."""
        self.failure = self.failure or failure

    def blame_error(self, error: OSError) -> None:
        """Name what a socket raised, by whether anything had been written."""
        if isinstance(error, TimeoutError):
            self.blame(Failure.READ_TIMEOUT if self.written else Failure.CONNECT_TIMEOUT)
        else:
            self.blame(Failure.RESET_AFTER_SEND if self.written else Failure.RESET_BEFORE_SEND)


_calls = threading.local()


def begin(budget: Budget) -> None:
    """Put this thread's sockets under `budget`."""
    _calls.budget = budget


def _budget() -> Budget:
    budget: Budget = _calls.budget
    return budget


class DeadlineSocket(socket.socket):
    """A plain socket under the thread's budget."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        budget = _budget()
        try:
            self.settimeout(budget.left())
            return super().recv_into(*args, **kwargs)
        except OSError as error:
            budget.blame_error(error)
            raise

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        budget, rest = _budget(), memoryview(data)
        try:
            while rest:
                self.settimeout(budget.left())
                rest = rest[self.send(rest, flags) :]
                # Only after: when the kernel took nothing, nothing can have reached the other end.
                budget.written = True
        except OSError as error:
            budget.blame_error(error)
            raise


class DeadlineSSLSocket(ssl.SSLSocket):
    """A TLS socket under the thread's budget."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        budget = _budget()
        try:
            self.settimeout(budget.left())
            return super().recv_into(*args, **kwargs)
        except OSError as error:
            budget.blame_error(error)
            raise

    def sendall(self, data: Any, flags: int = 0) -> None:
        budget = _budget()
        try:
            self.settimeout(budget.left())
            # Before: how much of a TLS record got out when it fails can't be told.
            budget.written = True
            super().sendall(data, flags)
        except OSError as error:
            budget.blame_error(error)
            raise


def _resolve(host: str, port: int, budget: Budget) -> list[Any]:
    """The addresses of a host. getaddrinfo knows no time-out, so a thread waits for it and may be left
    behind.
    """
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        pass  # a name
    found: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=budget.left())
    except queue.Empty:
        raise TimeoutError("resolving took too long") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _connect(host: str, port: int, budget: Budget) -> DeadlineSocket:
    try:
        addresses = _resolve(host, port, budget)
    except (OSError, UnicodeError):
        budget.blame(Failure.DNS)
        raise
    error = OSError("no address")
    for family, kind, protocol, _, address in addresses:
        sock = DeadlineSocket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(budget.left())
            sock.connect(address)
        except OSError as refused:
            sock.close()
            error = refused
        else:
            return sock
    budget.blame(_why_unconnected(error))
    raise error


def _why_unconnected(error: OSError) -> Failure:
    if isinstance(error, TimeoutError):
        return Failure.CONNECT_TIMEOUT
    return Failure.CONNECTION_REFUSED if isinstance(error, ConnectionRefusedError) else Failure.UNREACHABLE


class _Reused:
    """When a connection was last used, and so whether it may be used again."""

    used_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Probed by the pool right before reuse: not at its end, and not idle for long."""
        alive: bool = super().is_connected  # type: ignore[misc]
        return alive and time.monotonic() - self.used_at < IDLE_SECONDS

    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)  # type: ignore[misc]
        self.used_at = time.monotonic()

    def getresponse(self) -> Any:
        response = super().getresponse()  # type: ignore[misc]
        self.used_at = time.monotonic()
        return response


class DeadlineConnection(_Reused, HTTPConnection):
    """An HTTP connection over a DeadlineSocket."""

    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port, _budget())


class DeadlineTLSConnection(_Reused, HTTPSConnection):
    """An HTTPS connection; its context makes a DeadlineSSLSocket."""

    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443, _budget())

    def connect(self) -> None:
        budget = _budget()
        try:
            super().connect()
        except OSError as error:
            timed_out = isinstance(error, TimeoutError)
            budget.blame(Failure.CONNECT_TIMEOUT if timed_out else Failure.TLS)
            raise


class DeadlinePool(HTTPConnectionPool):
    """A pool of plain connections."""

    ConnectionCls = DeadlineConnection


class DeadlineTLSPool(HTTPSConnectionPool):
    """A pool of TLS connections."""

    ConnectionCls = DeadlineTLSConnection
