"""One POST of one event, to this machine and to hosts that were named. Imports nothing of the sandbox."""

import http.client
import ipaddress
from urllib.parse import urlsplit

TIMEOUT = 10.0
"""Seconds for each step of the exchange."""


class NotAllowedError(Exception):
    """The host is neither this machine nor one that may be sent to."""


def post(url: str, body: bytes, headers: dict[str, str], allowed: frozenset[str]) -> int:
    """The status that came back; redirects are not followed.

    Raises NotAllowedError, OSError or http.client.HTTPException.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host not in allowed and not _is_this_machine(host):
        raise NotAllowedError(f"{host} is not this machine")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, parts.port, timeout=TIMEOUT)
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
