"""Keyset paging over an index of several columns: equally fast on every page, [Last] is the index backwards.

The address carries the id of the row to go on from, never its values. Imports Django only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet

SIZE = 50
CURSORS = ("after", "before", "last")


@dataclass(frozen=True)
class Order:
    """Columns of one index, read forwards or backwards. Only the first may hold nulls; they come last."""

    columns: tuple[str, ...]
    backwards: bool = False

    @property
    def all_columns(self) -> tuple[str, ...]:
        return self.columns if self.columns[-1] == "id" else (*self.columns, "id")

    def reversed(self) -> Order:
        return Order(self.columns, not self.backwards)

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """PostgreSQL's own placing of nulls: last forwards, first backwards, as its indexes have them."""
        return rows.order_by(*[F(c).desc() if self.backwards else F(c).asc() for c in self.all_columns])

    def beyond(self, row: models.Model) -> Q:
        """Rows that come after this one."""
        values = [getattr(row, column) for column in self.all_columns]
        return self._beyond(list(zip(self.all_columns, values, strict=True)))

    def _beyond(self, pairs: list[tuple[str, Any]]) -> Q:
        (column, value), rest = pairs[0], pairs[1:]
        further = self._strictly(column, value)
        if not rest:
            return further
        same = Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
        return further | (same & self._beyond(rest))

    def _strictly(self, column: str, value: Any) -> Q:
        """Forwards null is the greatest, so nothing lies beyond it, and it lies beyond everything else."""
        if value is None:
            return Q(**{f"{column}__isnull": False}) if self.backwards else Q(pk__in=[])
        if self.backwards:
            return Q(**{f"{column}__lt": value})
        greater = Q(**{f"{column}__gt": value})
        return greater | Q(**{f"{column}__isnull": True}) if self._nullable(column) else greater

    @staticmethod
    def _nullable(column: str) -> bool:
        return column == "date_of_birth"


@dataclass(frozen=True)
class Page:
    """The rows, and whether there are any before and after them."""

    rows: list[Any]
    has_previous: bool
    has_next: bool

    @property
    def previous(self) -> dict[str, str]:
        return {"before": str(self.rows[0].pk)} if self.rows and self.has_previous else {}

    @property
    def next(self) -> dict[str, str]:
        return {"after": str(self.rows[-1].pk)} if self.rows and self.has_next else {}


def page_of(rows: QuerySet[Any], order: Order, asked: Mapping[str, str], sight: QuerySet[Any]) -> Page:
    """The page that `asked` (after, before, last) names; the first if it names none or a row out of `sight`.

    The row that a page goes on from need not match the filters any more.
    """
    size = SIZE
    if asked.get("last"):
        found = _some(rows, order.reversed(), size)
        return Page(found[:size][::-1], len(found) > size, False)
    if (row := _row(sight, asked.get("before", ""))) is not None:
        found = _some(rows.filter(order.reversed().beyond(row)), order.reversed(), size)
        return Page(found[:size][::-1], len(found) > size, True)
    row = _row(sight, asked.get("after", ""))
    found = _some(rows.filter(order.beyond(row)) if row is not None else rows, order, size)
    return Page(found[:size], row is not None, len(found) > size)


def _some(rows: QuerySet[Any], order: Order, size: int) -> list[Any]:
    return list(order.apply(rows)[: size + 1])


def _row(sight: QuerySet[Any], pk: str) -> Any:
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return sight.filter(pk=int(pk)).first()
