"""Counts tries of a password before each is checked, so that many at once get no more than one after another.

A try counts under the name at its address, and under the address; from a browser that this person signed in
with before, under that browser alone, so that nobody else's guessing locks the person out (OWASP's device
cookies). Addresses and typed names are kept as keyed digests only: who mistakes the fields types a password
as the name. Owns Tries. Imports models, known_browsers and how allauth reads X-Forwarded-For (PROXY_COUNT).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from partnerportal.accounts import known_browsers
from partnerportal.accounts.models import Staff, Tries

FORGET = timedelta(days=1)  # after the last try
MOST_DOUBLINGS = 5
NETWORK = 64  # bits: one customer of a provider has all IPv6 addresses of such a network


@dataclass
class Try:
    """One try: under which keys it counts, and what came of counting it."""

    staff: Staff | None
    keys: tuple[str, ...]  # the name's or the browser's first, then the address's
    until: datetime | None = None  # set: refused unchecked, or the lock that begins if the password is wrong
    refused: bool = False
    locks: list[str] = field(default_factory=list)  # keys that this try locked


def begin(request: HttpRequest, name: str) -> Try:
    """Count a try, or refuse it while one of its keys is locked. `name` is folded."""
    staff = Staff.objects.filter(username__iexact=name).first() if name else None
    tried = Try(staff, _keys(request, name, staff))
    with transaction.atomic():
        rows, now = _held(tried), timezone.now()
        ends = [row.locked_until for row in rows if row.locked_until and row.locked_until > now]
        if ends:
            tried.refused, tried.until = True, max(ends)
            return tried
        for row in rows:
            _count(row, tried, now)
        Tries.objects.bulk_update(rows, ["number", "locks", "last_at", "locked_until"])
        if tried.locks:
            _drop_the_old(now)
    return tried


def succeeded(tried: Try) -> None:
    """The password was right: the name or browser starts anew, the address gets back this one try."""
    with transaction.atomic():
        rows = _held(tried)
        for row in rows:
            if row.key == tried.keys[0]:
                row.number, row.locks, row.locked_until = 0, 0, None
            elif row.key in tried.locks:
                row.number, row.locks, row.locked_until = _limit(row, tried) - 1, row.locks - 1, None
            else:
                row.number = max(0, row.number - 1)
        Tries.objects.bulk_update(rows, ["number", "locks", "locked_until"])


def forget(staff: Staff) -> None:
    """Of a person all that is counted, and what is counted at the addresses where they were tried."""
    with transaction.atomic():
        Tries.objects.of(staff).delete()


def locked_until(staff: Staff) -> datetime | None:
    """When the last lock of this person ends; None where there is none."""
    locked = Tries.objects.of(staff).filter(locked_until__gt=timezone.now()).order_by("-locked_until")
    return locked.values_list("locked_until", flat=True).first()


def delay(locks: int) -> timedelta:
    """How long the next lock is, after so many: it doubles, up to 32 times the first."""
    return timedelta(hours=settings.AXES_COOLOFF_TIME * (1 << min(locks, MOST_DOUBLINGS)))


def address_of(request: HttpRequest) -> str:
    """The address that asks, "" where there is none. X-Forwarded-For counts behind PROXY_COUNT proxies."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # a socket in the file system, say
        return ""


def _keys(request: HttpRequest, name: str, staff: Staff | None) -> tuple[str, ...]:
    browser = known_browsers.recognised(request, staff) if staff else ""
    if browser:
        return (_digest("browser", browser),)
    place = _network(address_of(request))
    return _digest("name", name, place), _digest("address", place)


def _network(address: str) -> str:
    parsed = ipaddress.ip_address(address) if address else None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, NETWORK), strict=False))
    return address


def _digest(*parts: str) -> str:
    return salted_hmac("portal.tries", "\0".join(parts), algorithm="sha256").hexdigest()


def _held(tried: Try) -> list[Tries]:
    """Its rows, made where missing and locked; all take their locks in the keys' order."""
    now, own = timezone.now(), tried.keys[0]
    rows = [
        Tries(key=key, staff=tried.staff if key == own else None, address=tried.keys[-1], last_at=now)
        for key in sorted(tried.keys)
    ]
    Tries.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["staff", "address"]
    )
    return list(Tries.objects.filter(key__in=tried.keys).order_by("key"))


def _count(row: Tries, tried: Try, now: datetime) -> None:
    if now - max(row.last_at, row.locked_until or row.last_at) > FORGET:
        row.number = row.locks = 0
    row.last_at, row.locked_until = now, None
    row.number += 1
    if row.number >= _limit(row, tried):
        row.locked_until = now + delay(row.locks)
        row.number, row.locks = 0, row.locks + 1
        tried.locks.append(row.key)
        tried.until = max(row.locked_until, tried.until or row.locked_until)


def _drop_the_old(now: datetime) -> None:
    """What is forgotten anyhow; rows that somebody holds stay for the next time."""
    old = Tries.objects.filter(last_at__lt=now - 2 * FORGET).select_for_update(skip_locked=True)
    Tries.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:500])).delete()


def _limit(row: Tries, tried: Try) -> int:
    own = row.key == tried.keys[0]
    return int(settings.AXES_FAILURE_LIMIT if own else settings.LOCKOUT_ADDRESS_TRIES)
