"""How many rows: exact below 10,000, above it the planner's estimate. Imports Django only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

EXACT_BELOW = 10_000


@dataclass(frozen=True)
class Count:
    """`exact` is None where only an estimate is known."""

    number: int
    is_exact: bool

    def __str__(self) -> str:
        return f"{self.number:,}" if self.is_exact else f"about {self.number:,}"


def count(rows: QuerySet[Any]) -> Count:
    """Reads at most 10,001 index entries."""
    found = rows.order_by()[: EXACT_BELOW + 1].count()
    if found <= EXACT_BELOW:
        return Count(found, True)
    return Count(max(_rounded(_estimate(rows)), EXACT_BELOW), False)


def _estimate(rows: QuerySet[Any]) -> int:
    plan = json.loads(rows.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def _rounded(number: int) -> int:
    """Two digits are all that an estimate is good for."""
    scale = 10 ** max(len(str(number)) - 2, 0)
    return int(round(number / scale) * scale)
