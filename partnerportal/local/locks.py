"""File locks by flock: the kernel frees them when their holder dies, so none is ever stale.

Owns nothing but the calls; imports nothing of ours.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """An open lock file. Not inherited by programs we start (PEP 446), so children never hold it."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def shared(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_SH)

    def exclusive(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def try_exclusive(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        os.close(self._fd)


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Wait for the lock at `path`, hold it for the block."""
    lock = FileLock(path)
    try:
        lock.exclusive()
        yield
    finally:
        lock.close()


def is_held(path: Path) -> bool:
    """Whether some process holds the lock at `path` exclusively right now; asked without barring others."""
    lock = FileLock(path)
    try:
        return not lock.try_shared()
    finally:
        lock.close()
