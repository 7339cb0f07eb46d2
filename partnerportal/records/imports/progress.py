"""How far it is, told to whoever waits: a terminal, a log. Pure."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[int, int], None]  # rows done, rows in all


def silent(done: int, total: int) -> None:
    """For work that nobody watches: its job row says how far it is."""
