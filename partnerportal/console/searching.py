"""Searches of the record lists: what was typed becomes conditions that an index can answer.

An SSN is never searched here: its search is a POST of its own.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet

from partnerportal.console.dates import parse_day
from partnerportal.kernel import ids

_REMOTE = re.compile(r"^ih[\s:#-]*(\d{1,18})$", re.IGNORECASE)
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
    if any(c.isdigit() for c in text):
        return rows.filter(_number(text) | _words(text, "last_name", "first_name"))
    return rows.filter(_words(text, "last_name", "first_name"))


def enterprises(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Name parts, E- and IH ids, the id in your files."""
    found = by_id("enterprise", text)
    return rows.filter(found if found is not None else _words(text, "name") | Q(source_id=text))


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
    return rows.filter(names | Q(npi=text) | Q(provider_code=text) | Q(source_id=text))


def by_id(noun: str, text: str) -> Q | None:
    """Our short id or an Inbox Health id as a condition; None where the text is neither."""
    found, there = ids.parse(text), _REMOTE.match(text)
    if there:
        return Q(remote_id=int(there[1]))
    return Q(pk=found[1]) if found and found[0] == noun else None


def _number(text: str) -> Q:
    """A chart number, a phone number's digits, or an id without its prefix."""
    digits = re.sub(r"\D", "", text)
    meant = Q(health_record_id=text)
    if len(digits) == 10 or (len(digits) == 11 and digits[0] == "1"):
        tail = digits[-10:]
        meant |= Q(cell_phone=tail) | Q(home_phone=tail) | Q(work_phone=tail)
    if text.isascii() and text.isdigit() and len(text) < 19:
        meant |= Q(pk=int(text)) | Q(remote_id=int(text))
    return meant


def _words(text: str, *columns: str) -> Q:
    """Every word stands in one of the columns; a date among them is the date of birth."""
    every = Q()
    for part in text.replace(",", " ").split():
        born = parse_day(part) if "last_name" in columns and "name" not in columns else None
        some = Q(date_of_birth=born) if born else Q()
        for column in columns if not born else ():
            some |= Q(**{f"{column}__icontains": part})
        every &= some
    return every
