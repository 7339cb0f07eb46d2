"""Dates as people write them. Pure.

03/04/1987 is month first, as in the US, unless the same column proves otherwise (26/10/1979). A column that
proves both is refused: which of its dates are wrong can't be known.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from partnerportal.records.imports.refusal import BadCell

EXAMPLE = "write it as 1987-10-26 or 10/26/1987"
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?$")
_PACKED = re.compile(r"^((?:18|19|20)\d\d)(\d\d)(\d\d)$")
_SLASHED = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?$")
_WORDS = re.compile(
    r"^(?:(\d{1,2})[ -])?([A-Za-z]{3,9})\.?[ -](?:(\d{1,2})(?:st|nd|rd|th)?,?[ -])?(\d{4}|\d{2})$"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class Order(StrEnum):
    """How a column's slashed dates are read."""

    MONTH_FIRST = "month/day/year"
    DAY_FIRST = "day/month/year"


def evidence(text: str) -> Order | None:
    """What one cell proves about its column: only 26/10/1979 and 10/26/1979 prove anything."""
    slashed = _SLASHED.match(text)
    if slashed is None:
        return None
    first, second = int(slashed[1]), int(slashed[2])
    if first > 12 >= second:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > 12 >= first else None


def is_year_first(text: str) -> bool:
    return bool(_ISO.match(text) or _PACKED.match(text))


def parse(text: str, order: Order = Order.MONTH_FIRST, *, today: date | None = None) -> date:
    """The date. Raises BadCell with the nearest date that would work, where there is one."""
    parts = _parts(text, order, today or date.today())
    if parts is None:
        raise BadCell("is no date", EXAMPLE)
    try:
        return date(*parts)
    except ValueError as error:
        raise BadCell("is no date", _nearest(parts)) from error


def _parts(text: str, order: Order, today: date) -> tuple[int, int, int] | None:
    year_first = _ISO.match(text) or _PACKED.match(text)
    if year_first:
        return int(year_first[1]), int(year_first[2]), int(year_first[3])
    slashed = _SLASHED.match(text)
    if slashed:
        first, second, year = int(slashed[1]), int(slashed[2]), _full_year(slashed[3], today)
        return (year, first, second) if order == Order.MONTH_FIRST else (year, second, first)
    return _in_words(text, today)


def _full_year(text: str, today: date) -> int:
    """Two digits are the latest such year that is not to come: 79 is 1979, 05 is 2005."""
    year = int(text)
    if len(text) == 4:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year else century - 100 + year


def _in_words(text: str, today: date) -> tuple[int, int, int] | None:
    words = _WORDS.match(text)
    if words is None or words[2][:3].lower() not in _MONTHS or bool(words[1]) == bool(words[3]):
        return None
    return _full_year(words[4], today), _MONTHS.index(words[2][:3].lower()) + 1, int(words[1] or words[3])


def _nearest(parts: tuple[int, int, int]) -> str:
    """Month and day the other way round, where that is a date."""
    year, month, day = parts
    try:
        return f"write {date(year, day, month).isoformat()}"
    except ValueError:
        return EXAMPLE
