"""Searches of the record lists: what was typed becomes conditions that an index can answer.

Names are compared without accents and case. Ids, chart numbers and codes are found by their beginning.

An SSN is never searched here: its search is a POST of its own.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet

from partnerportal.console.dates import parse_day
from partnerportal.kernel import ids
from partnerportal.kernel.folding import folded

_REMOTE = re.compile(r"^ih[\s:#-]*(\d{1,18})$", re.IGNORECASE)
_LONGEST = 10**10  # no id has more digits
_SSN = re.compile(r"^\d{3}-\d{2}-\d{4}$")


def patients(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Name parts, date of birth in any form, chart no., P- and IH ids, phone."""
    if _SSN.match(text):
        return rows.none()
    found = by_id("patient", text)
    if found is not None:
        return rows.filter(found)
    born = parse_day(text)
    if born:
        return rows.filter(date_of_birth=born)
    return rows.filter(_number(text) | _words(text, "last_name", "first_name"))


def enterprises(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Name parts, E- and IH ids, the id in your files."""
    found = by_id("enterprise", text)
    return rows.filter(found if found is not None else _words(text, "name") | begins("source_id", text))


def practices(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Name and city parts, PR- and IH ids."""
    found = by_id("practice", text)
    return rows.filter(found if found is not None else _words(text, "name", "city"))


def doctors(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Name parts, NPI, provider code, D- and IH ids."""
    found = by_id("doctor", text)
    if found is not None:
        return rows.filter(found)
    names = _words(text, "last_name", "first_name")
    codes = begins("npi", text) | begins("provider_code", text) | begins("source_id", text)
    return rows.filter(names | codes)


def by_id(noun: str, text: str) -> Q | None:
    """What begins like our short id or an Inbox Health id, as a condition; None where the text is neither."""
    found, there = ids.parse(text), _REMOTE.match(text)
    if there:
        return _number_begins("remote_id", int(there[1]))
    return _number_begins("pk", found[1]) if found and found[0] == noun else None


def begins(column: str, text: str) -> Q:
    """A column of text, by its beginning."""
    return Q(**{f"{column}__folded__startswith": folded(text)})


def _number_begins(column: str, number: int) -> Q:
    """66 is the beginning of 66, 660 to 669, 6600 to 6699 and so on: stretches of the column's own index."""
    found = Q(**{column: number})
    scale = 10
    while number and number * scale < _LONGEST:
        found |= Q(**{f"{column}__gte": number * scale, f"{column}__lt": (number + 1) * scale})
        scale *= 10
    return found


def _number(text: str) -> Q:
    """A chart number, a phone number's digits, or an id without its prefix."""
    digits = re.sub(r"\D", "", text)
    meant = begins("health_record_id", text)
    if len(digits) == 10 or (len(digits) == 11 and digits[0] == "1"):
        tail = digits[-10:]
        meant |= Q(cell_phone=tail) | Q(home_phone=tail) | Q(work_phone=tail)
    if text.isascii() and text.isdigit() and len(text) < 19:
        meant |= _number_begins("pk", int(text)) | _number_begins("remote_id", int(text))
    return meant


def _words(text: str, *columns: str) -> Q:
    """Every word stands in one of the columns; a date among them is the date of birth."""
    every = Q()
    for part in text.replace(",", " ").split():
        born = parse_day(part) if "last_name" in columns and "name" not in columns else None
        some = Q(date_of_birth=born) if born else Q()
        for column in columns if not born else ():
            some |= Q(**{f"{column}__folded__contains": folded(part)})
        every &= some
    return every
