"""Numbers as people read them. Pure."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """`counted(1, "patient")` is "1 patient", `counted(1284, "patient")` is "1,284 patients"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
