"""One page of a list as a template shows it: rows, tabs, chips, sort links, paging. Imports lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from partnerportal.console import paging
from partnerportal.console.counting import Count, count
from partnerportal.console.filters import no_choice
from partnerportal.console.lists import Column, Filter, Listing
from partnerportal.records.state import SyncState

AT_REST = (SyncState.IN_SYNC, SyncState.REMOVED, SyncState.ON_ITS_WAY, SyncState.CHECKING)
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Chip:
    label: str
    without: str  # the address that drops it


@dataclass(frozen=True)
class Heading:
    """One column's head. `direction` is "ascending", "descending" or "" as aria-sort wants it."""

    column: Column
    href: str
    direction: str


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str
    error: str = ""


class ListPage:
    """`held` are filters that the page fixes: an enterprise's own tab shows no chip and no select for it."""

    def __init__(
        self, listing: Listing, user: Any, query: QueryDict, held: dict[str, str] | None = None
    ) -> None:
        self.listing, self.user, self.held = listing, user, held or {}
        self.asked: dict[str, str] = {**{n: str(v) for n, v in query.dict().items()}, **self.held}
        self.sort_key, self.order = listing.order(self.asked)
        self.matching = listing.matching(user, self.asked)

    @cached_property
    def page(self) -> paging.Page:
        return paging.page_of(self.matching, self.order, self.asked, self.listing.rows(self.user))

    @cached_property
    def count(self) -> Count:
        return count(self.matching)

    @cached_property
    def to_push(self) -> Count:
        """Of those that match, how many a push would do something about, as far as their state tells."""
        return count(self.matching.exclude(sync_state__in=AT_REST))

    @cached_property
    def rows(self) -> list[Any]:
        self.listing.prepare(self.page.rows)
        return self.page.rows

    @property
    def search_text(self) -> str:
        return self.asked.get("q", "")

    @property
    def query(self) -> str:
        """What "all that match" is, for the push page: everything but sorting and paging."""
        return self._address(drop=("sort", *paging.CURSORS), held=True).removeprefix("?")

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        now = self.listing.view(self.asked)
        return [(v.label, self._address({"view": v.slug}), v is now) for v in self.listing.views]

    @property
    def selects(self) -> list[Select]:
        wrong = {f.name: no_choice(value) for f, value in self.unusable}
        return [
            Select(f.name, f.label, f.choices(self.user), self.asked.get(f.name, ""), wrong.get(f.name, ""))
            for f in self.listing.filters
            if f.name not in self.held
        ]

    @cached_property
    def unusable(self) -> list[tuple[Filter, str]]:
        return self.listing.unusable(self.user, self.asked)

    @property
    def chips(self) -> list[Chip]:
        """What narrows the list besides its view, each with the way to drop it."""
        chips = [Chip(f"“{self.search_text}”", self._address({"q": ""}))] if self.search_text else []
        for chosen, value in self.listing.applied(self.user, self.asked):
            if chosen.name not in self.held:
                said = chosen.said(self.user, value)
                chips.append(Chip(f"{chosen.label}: {said}", self._address({chosen.name: ""})))
        wrong = [(chosen, value) for chosen, value in self.unusable if chosen.name not in self.held]
        return [*chips, *(Chip(f"{f.label}: {value}", self._address({f.name: ""})) for f, value in wrong)]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips) or self.listing.view(self.asked) is not self.listing.views[0]

    @property
    def clear_all(self) -> str:
        return "?"

    @property
    def columns(self) -> list[Column]:
        """A column that would say the same in every row is left out."""
        return [column for column in self.listing.columns if column.key not in self.held]

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the search form carries along."""
        return [(n, self.asked[n]) for n in ("view", "sort") if self.asked.get(n)]

    @property
    def previous(self) -> str:
        return self._address(self.page.previous) if self.page.previous else ""

    @property
    def next(self) -> str:
        return self._address(self.page.next) if self.page.next else ""

    @property
    def last(self) -> str:
        return self._address({"last": "1"}) if self.page.has_next else ""

    @property
    def first(self) -> str:
        return self._address() if self.page.has_previous else ""

    def cells(self, row: Any) -> list[tuple[Column, str]]:
        return [(column, column.cell(row, self.user)) for column in self.columns]

    @property
    def lines(self) -> list[tuple[Any, list[tuple[Column, str]]]]:
        return [(row, self.cells(row)) for row in self.rows]

    def _heading(self, column: Column) -> Heading:
        if not column.sort:
            return Heading(column, "", "")
        if column.key != self.sort_key:
            return Heading(column, self._address({"sort": column.key}), "")
        turned = column.key if self.order.backwards else f"-{column.key}"
        direction = "descending" if self.order.backwards else "ascending"
        return Heading(column, self._address({"sort": turned}), direction)

    def _address(
        self, changed: Mapping[str, str] = NOTHING, *, drop: tuple[str, ...] = (), held: bool = False
    ) -> str:
        """A query string: what is asked now, without the page's place, with these changes."""
        known = ("view", "q", "sort", *[f.name for f in self.listing.filters])
        kept = [name for name in known if name not in drop and (held or name not in self.held)]
        said = {name: changed.get(name, self.asked.get(name, "")) for name in kept}
        address = QueryDict(mutable=True)
        for name, value in {**said, **changed}.items():
            if value:
                address[name] = value
        return "?" + address.urlencode()
