"""What one page of a list proves: its rows, whether the order held, where it ends. Pure.

No order, filter or page number is trusted: each row is looked at (contract 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from integrations.inboxhealth.pagination import Page
from partnerportal.records.apply import instant

PER_PAGE = 100


class Fault(StrEnum):
    """Why a page can't be used, or a list not be trusted; the words of `PullPart.reason`."""

    NONE = ""
    ROOT_MISSING = "root_missing"
    ROW_WITHOUT_ID = "row_without_id"
    PAGE_IGNORED = "page_ignored"
    FILTER = "filter"
    SHRANK = "shrank"
    SHORT_PAGE = "short_page"
    ORDER = "order"
    TOO_LONG = "too_long"


QUERIES = {"newest": "-updated_at", "fresh": "-id", "all": "id"}


@dataclass(frozen=True)
class Judged:
    """`last`: whether the list ends with this page."""

    rows: tuple[dict[str, Any], ...] = ()
    fault: Fault = Fault.NONE
    last: bool = False
    pages: int | None = None


def query_of(stage: str, page: int) -> dict[str, Any]:
    return {"page": page, "per_page": PER_PAGE, "sort": QUERIES[stage]}


def judge(data: Any, root: str, parent: Mapping[str, Any], number: int, pages: int | None) -> Judged:
    """A page by itself: whole, with ids, of the parent, the page that was asked for, none gone meanwhile."""
    page = Page.of(data, root)
    checks = {
        Fault.ROOT_MISSING: not page.whole,
        Fault.ROW_WITHOUT_ID: page.ids is None,
        Fault.PAGE_IGNORED: page.meta.current_page not in (None, number),
        Fault.FILTER: any(
            row.get(n) not in (None, value) for row in page.rows for n, value in parent.items()
        ),
        Fault.SHRANK: pages is not None
        and page.meta.total_pages is not None
        and page.meta.total_pages < pages,
    }
    fault = next((name for name, wrong in checks.items() if wrong), Fault.NONE)
    last = page.last(number)
    if last is False and not page.rows:
        fault = fault or Fault.SHORT_PAGE
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
