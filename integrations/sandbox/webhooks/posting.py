"""One POST of one event, to this machine and to hosts that were named. Imports nothing of the sandbox.

Done on the bare socket: a client library takes three times the interpreter's time, which requests need.
"""

import ipaddress
import re
import socket
import ssl
import time
from urllib.parse import SplitResult, urlsplit

TIMEOUT = 10.0
"""Seconds for the whole exchange."""
LONGEST_HEAD = 65_536


class NotAllowedError(Exception):
    """The host is neither this machine nor one that may be sent to."""


def post(url: str, body: bytes, headers: dict[str, str], allowed: frozenset[str]) -> int:
    """The status that came back; the rest of the answer is not read, redirects are not followed.

    Raises NotAllowedError, OSError (time-outs too) or ValueError where no HTTP is answered.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host not in allowed and not _is_this_machine(host):
        raise NotAllowedError(f"{host} is not this machine")
    until = time.monotonic() + TIMEOUT
    with _connected(parts, host) as connection:
        connection.sendall(_request(parts, body, headers))
        return _status(connection, until)


def _connected(parts: SplitResult, host: str) -> socket.socket:
    tls = parts.scheme == "https"
    connection = socket.create_connection((host, parts.port or (443 if tls else 80)), TIMEOUT)
    if tls:
        return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
    return connection


def _request(parts: SplitResult, body: bytes, headers: dict[str, str]) -> bytes:
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    fixed = {"Host": parts.netloc.rpartition("@")[2], "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in {**fixed, **headers}.items()]
    return "\r\n".join([f"POST {target} HTTP/1.1", *lines, "", ""]).encode("latin-1") + body


def _status(connection: socket.socket, until: float) -> int:
    """Reads to the end of the head, so that the other side was done with the request."""
    head = b""
    while b"\r\n\r\n" not in head:
        connection.settimeout(max(0.001, until - time.monotonic()))
        piece = connection.recv(LONGEST_HEAD)
        if not piece or len(head) > LONGEST_HEAD:
            raise ConnectionError("the connection was closed without an answer")
        head += piece
    found = re.match(rb"HTTP/\d\.\d (\d{3})\b", head)
    if found is None:
        raise ValueError("the answer is not HTTP")
    return int(found[1])


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
