"""Problem: why a record can't be sent yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """The attribute, and what is wrong with an example that works."""

    attribute: str
    sentence: str
