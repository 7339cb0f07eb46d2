"""The correlation id: one word that ties a click to everything it caused. Imports nothing of ours."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("correlation_id", default="")


def new_id() -> str:
    return secrets.token_hex(8)


def current() -> str:
    """The id of the work under way; one is made where none was set."""
    if not _current.get():
        _current.set(new_id())
    return _current.get()


@contextmanager
def correlated(value: str = "") -> Iterator[str]:
    """Run a piece of work under the given id, or under a fresh one."""
    token = _current.set(value or new_id())
    try:
        yield _current.get()
    finally:
        _current.reset(token)
