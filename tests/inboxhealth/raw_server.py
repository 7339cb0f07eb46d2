"""A server of raw sockets for the answers that no HTTP library would give: it reads requests whole and keeps
them.

Owns RawServer. May import the standard library only.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Handler = Callable[[socket.socket, bytes], None]


@dataclass
class RawServer:
    """Calls `handler(connection, request)` for each whole request; the connection closes when it returns
    False-y.

    A handler that returns True keeps the connection open for the next request.
    """

    handler: Callable[[socket.socket, bytes], object]
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.closing = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/partner/v2"

    def close(self) -> None:
        self.closing = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        while not self.closing:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                while (request := read_request(connection)) and self.handler_keeps(connection, request):
                    pass

    def handler_keeps(self, connection: socket.socket, request: bytes) -> bool:
        self.requests.append(request)
        return bool(self.handler(connection, request))


def read_request(connection: socket.socket) -> bytes:
    """One request, headers and body; empty at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answer(status: int, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """An answer's bytes; `length` lies about the body's."""
    lines = [
        f"HTTP/1.1 {status} Word",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sends(data: bytes) -> Handler:
    """A handler that sends `data` and closes."""

    def handler(connection: socket.socket, request: bytes) -> None:
        connection.sendall(data)

    return handler


def resets(connection: socket.socket, request: bytes) -> None:
    """A handler that resets the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drips(data: bytes, seconds: float = 0.05) -> Handler:
    """A handler that sends a byte at a time, for ever starting over where `data` ends."""

    def handler(connection: socket.socket, request: bytes) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(seconds)

    return handler


def stays_silent(connection: socket.socket, request: bytes) -> None:
    """A handler that never answers."""
    time.sleep(10)
