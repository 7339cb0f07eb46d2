"""Ports on the loopback: free ones, taken ones. Imports layout only."""

from __future__ import annotations

import errno
import socket

from partnerportal.local.layout import LocalError
from partnerportal.local.processes import wait_until

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that the system says is free. Someone may take it before we do; callers try again."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as refused:
            if refused.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def answers(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def require_free(port: int, variable: str, patience: float = 4.0) -> None:
    """Wait a moment for what a killed run left behind; raise LocalError naming port and variable."""
    if not wait_until(lambda: is_free(port), patience, step=0.2):
        raise LocalError(
            f"Port {port} is taken. Free it, or choose another: {variable}={port + 10} make demo"
        )
