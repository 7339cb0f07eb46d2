"""What a list is: its columns, views, filters and search, declared once per noun. Knows no request.

`matching` is what "all that match" means, for the page as for the plan. Imports paging and words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from partnerportal.console import words
from partnerportal.console.paging import Order
from partnerportal.records.models import Enterprise
from partnerportal.records.state import SyncState

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """`cell` gives what stands in it; `sort` names an index's columns; `css` its part on a small screen."""

    key: str
    label: str
    cell: Callable[[Any, Any], str]
    sort: tuple[str, ...] = ()
    css: str = ""


@dataclass(frozen=True)
class View:
    """A tab of the list: all rows where `where` is None."""

    slug: str
    label: str
    where: Q | None = None


@dataclass(frozen=True)
class Filter:
    """A visible select. `choices` are those of one person; `where` turns a chosen value into a condition.

    `find`: a value in words, or None where it can't be used; needed where the choices are not all there are.
    """

    name: str
    label: str
    choices: Callable[[Any], Choices]
    where: Callable[[str], Q]
    find: Callable[[Any, str], str | None] | None = None

    def said(self, user: Any, value: str) -> str | None:
        """The value in words, or None where it can't be used."""
        return self.find(user, value) if self.find else dict(self.choices(user)).get(value)


VIEWS = (
    View("", "All"),
    View("not-sent", "Not sent", Q(sync_state=SyncState.NOT_SENT)),
    View("changed", "Changed here", Q(sync_state=SyncState.CHANGED_HERE)),
    View("needs-you", "Needs you", Q(sync_state__in=words.NEEDS_A_PERSON)),
    View("in-sync", "In sync", Q(sync_state=SyncState.IN_SYNC)),
)


@dataclass(frozen=True)
class Listing:
    """One noun's list. `rows` starts with `visible_to`; `search` narrows rows by what was typed."""

    noun: str
    title: str
    lead: str
    rows: Callable[[Any], QuerySet[Any]]
    columns: tuple[Column, ...]
    search: Callable[[QuerySet[Any], str], QuerySet[Any]]
    search_label: str
    empty: str
    filters: tuple[Filter, ...] = ()
    views: tuple[View, ...] = VIEWS
    default_sort: str = "name"
    prepare: Callable[[list[Any]], None] = lambda rows: None  # what the cells of one page need besides

    def matching(self, user: Any, asked: Mapping[str, str]) -> QuerySet[Any]:
        """Every row of this person's sight that the view, the filters and the search leave.

        None of them for an enterprise outside their scope: left out, the filter would match everything.
        """
        rows = self.rows(user)
        if asked.get("enterprise") and not _in_sight(user, asked["enterprise"]):
            return rows.none()
        view = self.view(asked)
        if view.where is not None:
            rows = rows.filter(view.where)
        if self.unusable(user, asked):
            return rows.none()
        for chosen, value in self.applied(user, asked):
            rows = rows.filter(chosen.where(value))
        text = asked.get("q", "").strip()
        return self.search(rows, text) if text else rows

    def applied(self, user: Any, asked: Mapping[str, str]) -> list[tuple[Filter, str]]:
        """Filters with a value that can be used."""
        return [(f, value) for f, value in self._wanted(asked) if f.said(user, value) is not None]

    def unusable(self, user: Any, asked: Mapping[str, str]) -> list[tuple[Filter, str]]:
        """Filters with a value that is none of their choices: nothing fits them."""
        return [(f, value) for f, value in self._wanted(asked) if f.said(user, value) is None]

    def _wanted(self, asked: Mapping[str, str]) -> list[tuple[Filter, str]]:
        return [(f, asked[f.name]) for f in self.filters if asked.get(f.name)]

    def view(self, asked: Mapping[str, str]) -> View:
        return next((v for v in self.views if v.slug == asked.get("view", "")), self.views[0])

    def order(self, asked: Mapping[str, str]) -> tuple[str, Order]:
        """The column sorted by, and its order; "-name" is backwards, anything unknown the default."""
        wanted = asked.get("sort", "") or self.default_sort
        key, backwards = wanted.removeprefix("-"), wanted.startswith("-")
        by = {column.key: column.sort for column in self.columns if column.sort}
        if key not in by:
            key, backwards = self.default_sort.removeprefix("-"), self.default_sort.startswith("-")
        return key, Order(by[key], backwards)


def state_choices(user: Any) -> Choices:
    return [(state, word.text) for state, word in words.STATES.items()]


def _in_sight(user: Any, named: str) -> bool:
    known = named.isascii() and named.isdigit() and len(named) < 19
    return known and bool(Enterprise.objects.visible_to(user).filter(pk=named).exists())


STATE = Filter("state", "State", state_choices, lambda value: Q(sync_state=value))
