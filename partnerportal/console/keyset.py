"""Pages of rows by id: no count, no offset, the same speed on page one and page ten thousand.

Imports Django only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

SIZE = 50
BELOW, ABOVE = "before", "after"  # in the address: go on from this id, or back from it


@dataclass(frozen=True)
class Slice:
    """One page. `older` and `newer` are query strings of the page after and before it, or "" at an end."""

    rows: list[Any]
    older: str
    newer: str

    @property
    def first(self) -> bool:
        return not self.newer


def slice_of(rows: QuerySet[Any], query: QueryDict, size: int = SIZE, *, ascending: bool = False) -> Slice:
    """The page that the address asks for, newest first, or oldest first where `ascending`.

    An address that makes no sense is the first page.
    """
    onward, back = ("gt", "lt") if ascending else ("lt", "gt")
    beyond, ahead = _id(query, BELOW), _id(query, ABOVE)
    if ahead is not None and beyond is None:
        found = list(rows.filter(**{f"pk__{back}": ahead}).order_by("-pk" if ascending else "pk")[: size + 1])
        return _slice(found[:size][::-1], query, older=bool(found), newer=len(found) > size)
    chosen = rows if beyond is None else rows.filter(**{f"pk__{onward}": beyond})
    found = list(chosen.order_by("pk" if ascending else "-pk")[: size + 1])
    return _slice(found[:size], query, older=len(found) > size, newer=beyond is not None)


def _slice(page: list[Any], query: QueryDict, *, older: bool, newer: bool) -> Slice:
    if not page:
        return Slice([], "", _address(query) if newer else "")
    return Slice(
        page,
        _address(query, **{BELOW: page[-1].pk}) if older else "",
        _address(query, **{ABOVE: page[0].pk}) if newer else "",
    )


def _address(query: QueryDict, **cursor: int) -> str:
    """The query string with another cursor; filters stay."""
    address = query.copy()
    for name in (BELOW, ABOVE):
        address.pop(name, None)
    for name, value in cursor.items():
        address[name] = str(value)
    return "?" + address.urlencode()


def _id(query: QueryDict, name: str) -> int | None:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
