"""Which record a person means. Imports the models and the kernel.

On the command line and in files an enterprise is said as E-12, IH:669, its id in the partner's files, or
its exact name.
"""

from __future__ import annotations

import re

from partnerportal.kernel.ids import parse
from partnerportal.records.models import Enterprise, MirrorQuerySet

_REMOTE = re.compile(r"^IH[ :#-]?\s*(\d{1,18})$", re.IGNORECASE)
_LISTED = 8


class NoSuchEnterprise(LookupError):
    """Nothing fits; the text says what was looked for."""


class SeveralEnterprises(LookupError):
    """More than one fits; the text lists them."""


def find_enterprise(text: str, among: MirrorQuerySet | None = None) -> Enterprise:
    """The one enterprise meant. Raises NoSuchEnterprise or SeveralEnterprises."""
    known = Enterprise.objects.all() if among is None else among
    said = text.strip()
    found = list(_fitting(said, known).order_by("id")[: _LISTED + 1])
    if not found:
        raise NoSuchEnterprise(f"No enterprise “{said}”. Write E-12, IH:669 or its exact name.")
    if len(found) > 1:
        listed = ", ".join(_described(enterprise) for enterprise in found[:_LISTED])
        more = ", …" if len(found) > _LISTED else ""
        raise SeveralEnterprises(f"Several enterprises are called “{said}”: {listed}{more}. Write one's id.")
    enterprise: Enterprise = found[0]
    return enterprise


def _fitting(said: str, known: MirrorQuerySet) -> MirrorQuerySet:
    ours, theirs = parse(said), _REMOTE.match(said)
    if ours and ours[0] == "enterprise":
        return known.filter(pk=ours[1])
    if theirs:
        return known.filter(remote_id=int(theirs[1]))
    by_file = known.filter(source_id=said) if said else known.none()
    return by_file if by_file.exists() else known.filter(name__iexact=said)


def _described(enterprise: Enterprise) -> str:
    theirs = f", IH {enterprise.remote_id}" if enterprise.remote_id else ""
    place = ", ".join(part for part in (enterprise.city, enterprise.state) if part)
    return f"{enterprise.short_id} ({enterprise.name}{', ' + place if place else ''}{theirs})"
