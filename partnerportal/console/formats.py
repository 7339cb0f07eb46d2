"""How values read on a page: instants, dates, phones, ids, masks. Pure; times come out in the active zone.

Source: pages, "Formats".
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from partnerportal.records.wire import canonical

NOT_KNOWN = "—"


def clock(value: datetime) -> str:
    """ "2:31 PM"."""
    return value.strftime("%I:%M %p").lstrip("0")


def instant(value: datetime, now: datetime | None = None) -> str:
    """ "2:31 PM" today, "Nov 23, 2:31 PM" this year, "Nov 23, 2025, 2:31 PM" before."""
    local, today = timezone.localtime(value), timezone.localtime(now)
    if local.date() == today.date():
        return clock(local)
    year = "" if local.year == today.year else f" {local.year},"
    return f"{local:%b} {local.day},{year} {clock(local)}"


def exact(value: datetime) -> str:
    """ "2026-11-24 14:31:07.482 -05:00": how Audit says it, and what hover and focus show elsewhere."""
    local = timezone.localtime(value)
    zone = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d} {zone[:3]}:{zone[3:]}"


def day(value: date | None) -> str:
    """ "Nov 24, 2026"."""
    return f"{value:%b} {value.day}, {value.year}" if value else NOT_KNOWN


def on_day(value: datetime) -> str:
    """ "Nov 24" this year, "Nov 24, 2025" before."""
    local = timezone.localtime(value)
    is_now = local.year == timezone.localtime().year
    return f"{local:%b} {local.day}" if is_now else day(local)


def birth(value: date | None, today: date | None = None) -> str:
    """ "10/26/1979 (47)"."""
    return f"{value:%m/%d/%Y} ({age(value, today)})" if value else NOT_KNOWN


def age(born: date, today: date | None = None) -> int:
    """Whole years."""
    now = today or timezone.localdate()
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def masked_birth(value: date | None) -> str:
    """ "••/••/1979"."""
    return f"••/••/{value.year}" if value else NOT_KNOWN


def phone(value: str) -> str:
    """ "(203) 555-0101"; what is no US number stays as it was typed."""
    digits = str(canonical.phone(value) or "")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else value


def masked_phone(value: str) -> str:
    """ "(203) •••-••99"."""
    digits = str(canonical.phone(value) or "")
    return f"({digits[:3]}) •••-••{digits[-2:]}" if len(digits) == 10 else "•••" if value else ""


def masked_email(value: str) -> str:
    """ "a•••@example.com"."""
    name, at, host = value.partition("@")
    return f"{name[:1]}•••{at}{host}" if value else ""
