"""Story: what happened to one record, newest first, by day: edits, pushes, exchanges, what people did or saw.

Imports the sources beside it. Read by the record pages through templates/audit/story.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from partnerportal.console import story_edits, story_sending
from partnerportal.console.filters import DAYS
from partnerportal.console.story_item import Item

SIZE = 50
TIES = 25  # rows of one transaction share their instant, and a page never ends between them


@dataclass(frozen=True)
class Story:
    """One page of it. `older` is the query string of the next page, or ""; `day` the date jumped to;
    `error` why the day can't be used.
    """

    items: list[Item]
    older: str
    day: date | None = None
    error: str = ""

    @property
    def days(self) -> list[tuple[date, list[Item]]]:
        by_day = groupby(self.items, key=lambda item: timezone.localdate(item.at))
        return [(day, list(items)) for day, items in by_day]


def story_for(record: Any, viewer: Any = None, query: QueryDict | None = None) -> Story:
    """The page of a record's story that the address asks for (`until` an instant, `day` a date).

    Without a viewer, or for one who may not reveal them, birth date and contact are masked in diffs.
    """
    try:
        day, until = _asked(query)
    except ValueError:
        return Story([], "", error="Enter a day, like 2026-11-24.")
    reveal = bool(viewer is not None and viewer.has_perm("accounts.reveal_phi"))
    found = sorted(_all(record, until, reveal), key=lambda item: item.at, reverse=True)
    page = _cut(found)
    more = len(found) > len(page)
    return Story(page, "?" + urlencode({"until": page[-1].at.isoformat()}) if more else "", day)


def _all(record: Any, until: datetime | None, reveal: bool) -> Iterable[Item]:
    limit = SIZE + TIES
    yield from story_edits.edits(record, until, limit, reveal)
    yield from story_sending.deliveries(record, until, limit)
    yield from story_sending.exchanges(record, until, limit)
    yield from story_sending.entries(record, until, limit, reveal)


def _cut(found: list[Item]) -> list[Item]:
    end = SIZE
    while end < len(found) and found[end].at == found[end - 1].at:
        end += 1
    return found[:end]


def _asked(query: QueryDict | None) -> tuple[date | None, datetime | None]:
    """The day, and the instant to go on from. Raises ValueError for a day that is none."""
    values = query if query is not None else QueryDict()
    if named := values.get("day", ""):
        day = date.fromisoformat(named)
        if not DAYS[0] <= day <= DAYS[1]:
            raise ValueError
        return day, timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    until = _instant(values.get("until", ""))
    return None, until if until is not None and timezone.is_aware(until) else None


def _instant(text: str) -> datetime | None:
    """What makes no sense is the newest page: people don't type it."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None
