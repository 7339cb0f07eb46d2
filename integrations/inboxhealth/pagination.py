"""Walking a list page by page, and judging whether what was seen proves anything.

Owns Page and Walk. The caller fetches, so that each page passes the limiter. May import contract.page only.

A filter, an order or a page number that the API silently ignores looks like "nothing there" (contract 8), so
a walk trusts none of them: it checks each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Literal

from integrations.inboxhealth.contract.page import MetaRecord

Row = dict[str, Any]
# More pages than any list here has: a list that never ends is a fault of its pages.
MOST_PAGES = 20_000


@dataclass(frozen=True)
class Page:
    """One answer of a list: its rows, and its `meta` where there is one. `whole` is false where no list was
    found.
    """

    rows: tuple[Row, ...]
    meta: MetaRecord
    whole: bool

    @classmethod
    def of(cls, data: Any, root: str) -> Page:
        """Read `{"<root>": [...], "meta": {...}}`, tolerant of an absent meta and of further keys. Contract
        3.
        """
        rows = data.get(root) if isinstance(data, Mapping) else None
        meta = data.get("meta") if isinstance(data, Mapping) else None
        found = rows if isinstance(rows, list) else []
        return cls(
            rows=tuple(row for row in found if isinstance(row, dict)),
            meta=MetaRecord.read(meta if isinstance(meta, dict) else {}),
            whole=isinstance(rows, list) and all(isinstance(row, dict) for row in found),
        )

    @property
    def ids(self) -> tuple[int, ...] | None:
        """The rows' ids, or None where a row has none."""
        ids = [row.get("id") for row in self.rows]
        return tuple(ids) if all(type(value) is int for value in ids) else None  # type: ignore[arg-type]

    def last(self, number: int) -> bool | None:
        """Whether meta says that page `number` is the last one; None where it does not say. In doubt it is
        not.
        """
        votes = [] if self.meta.has_more is None else [not self.meta.has_more]
        votes += [] if self.meta.total_pages is None else [number >= self.meta.total_pages]
        return all(votes) if votes else None


class State(StrEnum):
    """Where a walk stands."""

    MORE = "more"
    FINISHED = "finished"
    BROKEN = "broken"


class Walk:
    """Feed it page after page; it says which page comes next, or that the list is through, or broken and why.

    `order` is the order asked for by id, `matching` the filter asked for (text is compared as "contains"),
    `parent` what each row must carry without being asked (of a sub-collection), and `per_page` the size asked
    for (the API may give less). `above` ends a descending walk at the first id that is not higher.
    Reasons: root_missing, row_without_id, page_ignored, loop, order, filter, shrank, short_page, too_long.
    """

    def __init__(
        self,
        root: str,
        *,
        order: Literal["asc", "desc"] | None = "asc",
        matching: Mapping[str, object] | None = None,
        parent: Mapping[str, object] | None = None,
        per_page: int = 100,
        above: int | None = None,
    ) -> None:
        self.root = root
        self.state = State.MORE
        self.reason: str | None = None
        self.next_page = 1
        self._order = order
        self._matching = dict(matching or {})
        self._expected = {**(parent or {}), **self._matching}
        self._per_page = per_page
        self._above = above
        self._seen: set[int] = set()
        self._edge: int | None = None
        self._pages: int | None = None
        self._total: int | None = None
        self._size: int | None = None
        self._shown = True

    @property
    def query(self) -> dict[str, object]:
        """The query of the next page."""
        asked: dict[str, object] = {"page": self.next_page, "per_page": self._per_page}
        if self._order is not None:
            asked["sort"] = "id" if self._order == "asc" else "-id"
        return asked | {f"filter[{name}]": value for name, value in self._matching.items()}

    @property
    def proven(self) -> bool:
        """Whether it saw all there is (above the bound): in order, each row matching, pages complete."""
        return self.state is State.FINISHED and self._order is not None and self._shown

    def feed(self, data: Any) -> tuple[Row, ...]:
        """Take the parsed answer of page `next_page`; return its rows that are new. A broken page returns
        none.
        """
        if self.state is not State.MORE:
            raise ValueError(f"the walk is {self.state}")
        page = Page.of(data, self.root)
        ids = page.ids
        if not page.whole or ids is None:
            return self._break("row_without_id" if page.whole else "root_missing")
        fault = self._fault(page, ids)
        if fault is not None:
            return self._break(fault)
        new = tuple(row for row in page.rows if row["id"] not in self._seen)
        self._seen.update(ids)
        self._edge = ids[-1] if ids else self._edge
        self._advance(page, ids)
        return new

    def _break(self, reason: str) -> tuple[Row, ...]:
        self.state, self.reason = State.BROKEN, reason
        return ()

    def _fault(self, page: Page, ids: tuple[int, ...]) -> str | None:
        checks = {
            "page_ignored": page.meta.current_page not in (None, self.next_page),
            "loop": bool(ids) and self._seen.issuperset(ids),
            "order": not self._ordered(ids),
            "filter": not all(self._matches(row) for row in page.rows),
            "shrank": self._shrank(page.meta),
            "short_page": self._short(page),
            "too_long": self.next_page >= MOST_PAGES,
        }
        return next((name for name, wrong in checks.items() if wrong), None)

    def _ordered(self, ids: tuple[int, ...]) -> bool:
        if self._order is None:
            return True
        sign = 1 if self._order == "asc" else -1
        within = all(sign * left < sign * right for left, right in pairwise(ids))
        if not within or not ids or self._edge is None:
            return within
        # What was added meanwhile pushes a descending list down: its rows come again, and none is missed.
        again = self._order == "desc" and ids[0] in self._seen
        return again or sign * self._edge < sign * ids[0]

    def _matches(self, row: Row) -> bool:
        for name, wanted in self._expected.items():
            if row.get(name) is None:
                # It may be the filter's row or not: the walk goes on, but proves nothing.
                self._shown = False
            elif not _equal(row[name], wanted):
                return False
        return True

    def _shrank(self, meta: MetaRecord) -> bool:
        """Whether rows went away meanwhile: those behind them moved up, one may have slipped past between
        pages.
        """
        shrank = _fewer(meta.total_pages, self._pages) or _fewer(meta.total, self._total)
        self._pages, self._total = meta.total_pages, meta.total
        return shrank

    def _short(self, page: Page) -> bool:
        """Whether a page that is not the last is shorter than the first was. Fewer rows than asked for are
        fine.
        """
        self._size = len(page.rows) if self._size is None else self._size
        return page.last(self.next_page) is False and (not page.rows or len(page.rows) < self._size)

    def _advance(self, page: Page, ids: tuple[int, ...]) -> None:
        last = page.last(self.next_page)
        # Without meta only an empty page is the end: a page may be short because the API gives fewer than
        # asked.
        if self._passed(ids) or last or (last is None and not ids):
            self.state = State.FINISHED
        else:
            self.next_page += 1

    def _passed(self, ids: tuple[int, ...]) -> bool:
        # One row alone shows no order, so it ends nothing.
        if self._order != "desc" or self._above is None or len(self._seen) < 2:
            return False
        return any(id_ <= self._above for id_ in ids)


def _fewer(now: int | None, before: int | None) -> bool:
    return now is not None and before is not None and now < before


def _equal(found: object, wanted: object) -> bool:
    """Filters are "contains" on text, equality on the rest [A]; the weaker one holds for both. Contract 3."""
    if isinstance(found, str) and isinstance(wanted, str):
        return wanted.casefold() in found.casefold()
    if isinstance(found, bool) or isinstance(wanted, bool):
        return str(found).casefold() == str(wanted).casefold()
    return str(found) == str(wanted)
