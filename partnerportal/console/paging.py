"""Keyset paging over an index of several columns: equally fast on every page, [Last] is the index backwards.

The address carries the id of the row to go on from, never its values. Imports Django only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

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

    def beyond(self, row: models.Model) -> list[Any]:
        """Conditions for the rows that come after this one: stretches of the index, in their order."""
        columns, values = self.all_columns, [getattr(row, column) for column in self.all_columns]
        if values[0] is None:
            return self._beyond_null(columns[0], values[1])
        compare = TupleLessThan if self.backwards else TupleGreaterThan
        further = compare(Tuple(*[F(column) for column in columns]), tuple(values))
        nulls_follow = type(row)._meta.get_field(columns[0]).null and not self.backwards
        return [further, Q(**{f"{columns[0]}__isnull": True})] if nulls_follow else [further]

    def _beyond_null(self, column: str, pk: int) -> list[Any]:
        """Null is the greatest of all, as PostgreSQL sorts it."""
        null = Q(**{f"{column}__isnull": True})
        if self.backwards:
            return [null & Q(pk__lt=pk), ~null]
        return [null & Q(pk__gt=pk)]


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
    if asked.get("last"):
        found, more = _some(rows, order.reversed())
        return Page(found[::-1], more, False)
    if (row := _row(sight, asked.get("before", ""))) is not None:
        found, more = _some(rows, order.reversed(), row)
        return Page(found[::-1], more, True)
    row = _row(sight, asked.get("after", ""))
    found, more = _some(rows, order, row)
    return Page(found, row is not None, more)


def _some(rows: QuerySet[Any], order: Order, row: Any = None) -> tuple[list[Any], bool]:
    """The rows that follow `row` in this order, or the first ones; and whether there are more."""
    found: list[Any] = []
    for stretch in order.beyond(row) if row is not None else [Q()]:
        found += order.apply(rows.filter(stretch))[: SIZE + 1 - len(found)]
        if len(found) > SIZE:
            break
    return found[:SIZE], len(found) > SIZE


def _row(sight: QuerySet[Any], pk: str) -> Any:
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return sight.filter(pk=int(pk)).first()
