"""What one page of a list proves: its rows, whether the order held, where it ends. Pure.

No order, filter or page number is trusted: each row is looked at (contract 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from integrations.inboxhealth.pagination import Page
from partnerportal.records.apply import instant

PER_PAGE = 100
QUERIES = {"newest": "-updated_at", "fresh": "-id", "all": "id"}


@dataclass(frozen=True)
class Judged:
    """`fault`: why the page can't be used, or ""; `last`: whether the list ends with it."""

    rows: tuple[dict[str, Any], ...] = ()
    fault: str = ""
    last: bool = False
    pages: int | None = None


def query_of(stage: str, page: int) -> dict[str, Any]:
    return {"page": page, "per_page": PER_PAGE, "sort": QUERIES[stage]}


def judge(data: Any, root: str, parent: Mapping[str, Any], number: int, pages: int | None) -> Judged:
    """A page by itself: whole, with ids, of the parent, the page that was asked for, none gone meanwhile."""
    page = Page.of(data, root)
    checks = {
        "root_missing": not page.whole,
        "row_without_id": page.ids is None,
        "page_ignored": page.meta.current_page not in (None, number),
        "filter": any(row.get(n) not in (None, value) for row in page.rows for n, value in parent.items()),
        "shrank": pages is not None and page.meta.total_pages is not None and page.meta.total_pages < pages,
    }
    fault = next((name for name, wrong in checks.items() if wrong), "")
    last = page.last(number)
    if last is False and not page.rows:
        fault = fault or "short_page"
    ends = last if last is not None else not page.rows
    return Judged(page.rows, fault, bool(ends), page.meta.total_pages)


def ascending(ids: Iterable[int], edge: int) -> bool:
    return all(left < right for left, right in pairwise([edge, *ids]))


def descending(ids: Iterable[int]) -> bool:
    return all(left > right for left, right in pairwise(ids))


def latest_first(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether `sort=-updated_at` [A] was kept here: never rising, and more than one instant to show it."""
    times = [instant(row.get("updated_at")) for row in rows]
    known = [at for at in times if at is not None]
    falls = all(left >= right for left, right in pairwise(known))
    return len(known) == len(times) and falls and len(set(known)) > 1


def newest_of(rows: Iterable[Mapping[str, Any]]) -> datetime | None:
    return max((at for row in rows if (at := instant(row.get("updated_at"))) is not None), default=None)


def oldest_of(rows: Iterable[Mapping[str, Any]]) -> datetime | None:
    return min((at for row in rows if (at := instant(row.get("updated_at"))) is not None), default=None)
