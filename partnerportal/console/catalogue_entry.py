"""What an entry of the error catalogue is. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """`words`: "domain:word" of code that it explains; `signs`: parts of sentences of files and rows."""

    slug: str
    group: str
    title: str
    what: str
    why: str
    do: str
    words: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


def worded(domain: str, *words: str) -> tuple[str, ...]:
    """`worded("delivery", "dns", "tls")` is ("delivery:dns", "delivery:tls")."""
    return tuple(f"{domain}:{word}" for word in words)
