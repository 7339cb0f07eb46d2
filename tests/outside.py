"""A guard: no test talks to anything beyond the loopback. A connection or a look-up elsewhere raises."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class BeyondLoopbackError(RuntimeError):
    """A test tried to reach something that is not on this machine."""


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _check(host: object) -> None:
    if not _is_here(host):
        raise BeyondLoopbackError(f"a test tried to reach {host!r}")


@pytest.fixture(scope="session", autouse=True)
def no_way_outside() -> Iterator[None]:
    """Replaces connect, connect_ex and getaddrinfo for the whole run."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    resolve = socket.getaddrinfo

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        return resolve(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", guarded_resolve)
    yield
    patch.undo()


def _guarded(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])
        return original(self, address)

    return connect
