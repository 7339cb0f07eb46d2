"""Which lists a pull reads, and in which order: parents before their children. Imports walks and records.

Source: contract 4. What hangs below an enterprise is read below it [D]; the money's lists are the key's own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from partnerportal.delivery.walks import ENTERPRISES, Listing
from partnerportal.records.models import RECORDS, Enterprise
from partnerportal.sync.models import PullPart

# Below each enterprise, in this order.
BELOW = ("practice", "doctor", "patient")
ORDER = ("enterprise", *BELOW)
NOUNS = ORDER  # what differences are looked for in


def listing_of(part: PullPart) -> Listing:
    """The list a part stands for."""
    if part.noun == "enterprise":
        return ENTERPRISES
    enterprise = part.enterprise
    remote_id = enterprise.remote_id if enterprise else None
    return Listing.below(remote_id or 0, RECORDS[part.noun].wire.resource)


def rows_of(part: PullPart) -> Any:
    """Our rows that the list must show: tied, and not known to be gone for good."""
    rows = RECORDS[part.noun].objects.filter(remote_id__isnull=False)
    return rows if part.enterprise_id is None else rows.filter(enterprise_id=part.enterprise_id)


def parts_for(enterprises: list[Enterprise], *, key_wide: bool) -> list[tuple[str, Enterprise | None]]:
    """(noun, enterprise) of every list to be read."""
    found: list[tuple[str, Enterprise | None]] = [("enterprise", None)] if key_wide else []
    found += [(noun, enterprise) for enterprise in enterprises for noun in BELOW]
    return sorted(found, key=lambda part: ORDER.index(part[0]))


def not_read_since(rows: Any, moment: datetime | None) -> Any:
    """Those whose record was last read before the moment."""
    return rows.filter(Q(remote_read_at__lt=moment) | Q(remote_read_at=None))
