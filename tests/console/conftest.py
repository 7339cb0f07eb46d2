"""Lends the cast to every test of the console."""

from __future__ import annotations

from tests.console.cast import administrator, auditor, ed, north, operator, outsider, south

__all__ = ["administrator", "auditor", "ed", "north", "operator", "outsider", "south"]
