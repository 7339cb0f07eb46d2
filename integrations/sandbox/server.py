"""The sockets: reads a request, asks the application, and sends the answer in the manner it says.

Imports messages; the application is handed in.
"""

import socket
import struct
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from integrations.sandbox.messages import Answer, Call, Reply, as_json

LARGEST_BODY = 10_000_000
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: closing resets the connection."""


class Server(ThreadingHTTPServer):
    """One thread a connection; `answer` turns a Call into a Reply, `instance` names this sandbox."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self, address: tuple[str, int], answer: Callable[[Call], Reply], instance: Callable[[], str]
    ) -> None:
        self.answer = answer
        self.instance = instance
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """As the base class, without its look-up of the host's name, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """A connection to be reset must not say a polite goodbye first."""
        if (
            isinstance(request, socket.socket)
            and request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == RESET
        ):
            self.close_request(request)
            return
        super().shutdown_request(request)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._send(as_json({"errors": {"base": ["the body needs a length, of 10 MB at most"]}}, 413))
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        if "cookie" in headers:
            # A browser sends a request again by itself, a POST too, when a kept connection breaks.
            self.close_connection = True
        call = Call(self.command, path, query, headers, body, str(self.client_address[0]))
        self._deliver(self.server.answer(call))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def _body(self) -> bytes | None:
        """The body; None when its length is not said, not a number or too large."""
        length = self.headers.get("Content-Length", "0")
        chunked = "Transfer-Encoding" in self.headers
        if chunked or not length.isascii() or not length.isdigit() or int(length) > LARGEST_BODY:
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            # Cut off in the middle: whatever it was to become, it was never asked for.
            raise ConnectionAbortedError
        return body

    def _deliver(self, reply: Reply) -> None:
        if reply.manner == "plain":
            self._send(reply.answer)
            return
        self.close_connection = True
        if reply.manner == "hang":
            self._wait_until_given_up()
        elif reply.manner == "drop":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        elif reply.manner == "half":
            whole = self._bytes(reply.answer)
            self.wfile.write(whole[: len(whole) - (len(reply.answer.body) + 1) // 2])
        elif reply.manner == "drip":
            for byte in self._bytes(reply.answer):
                self.wfile.write(bytes((byte,)))
                time.sleep(reply.interval)

    def _wait_until_given_up(self) -> None:
        while self.connection.recv(1024):
            pass

    def _send(self, answer: Answer) -> None:
        self.wfile.write(self._bytes(answer))

    def _bytes(self, answer: Answer) -> bytes:
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            f"Date: {self.date_time_string()}",
            f"X-Request-Id: {uuid.uuid4()}",
            f"X-Sandbox-Instance: {self.server.instance()}",
            "Cache-Control: no-store",
            *(f"{name.replace('_', '-')}: {value}" for name, value in answer.headers.items()),
        ]
        if answer.status != HTTPStatus.NO_CONTENT:
            lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}"]
        if self.close_connection:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: every request is in the store's log."""
