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

# Below each enterprise, in this order; then the lists of the whole key, invoice by invoice the rest.
BELOW = ("practice", "doctor", "payment_reason", "write_off_code", "patient")
KEY_WIDE = ("account_type", "invoice", "payment", "write_off")
ASSUMED = ("account_type",)  # lists that the API may not have [A]
BY_INVOICE = "line_item"  # and with them what payments are applied to it
ORDER = ("enterprise", "account_type", *BELOW, *KEY_WIDE[1:], BY_INVOICE)
# What differences are looked for in: all that can be changed, or go away, on both sides.
NOUNS = (
    "enterprise", "practice", "doctor", "patient", "invoice", "line_item", "payment", "invoice_payment",
    "write_off", "payment_reason", "write_off_code", "account_type",
)  # fmt: skip
# What may be there alone until a person says whose it is; the rest comes in with its patient or enterprise.
BROUGHT_IN = ("enterprise", "practice", "doctor", "patient")


def seen_by(user: Any, nouns: tuple[str, ...] = NOUNS) -> list[str]:
    """Those of the nouns whose records this person may look at."""
    return [noun for noun in nouns if user.has_perm(f"records.view_{RECORDS[noun]._meta.model_name}")]


def listing_of(part: PullPart) -> Listing:
    """The list a part stands for."""
    if part.noun == "enterprise":
        return ENTERPRISES
    if part.noun in KEY_WIDE:
        resource = RECORDS[part.noun].wire.resource
        return Listing(f"{resource}.list", resource)
    enterprise = part.enterprise
    remote_id = enterprise.remote_id if enterprise else None
    return Listing.below(remote_id or 0, RECORDS[part.noun].wire.resource)


def rows_of(part: PullPart) -> Any:
    """Our rows that the list must show: tied, and not known to be gone for good."""
    rows: Any = RECORDS[part.noun].objects.filter(remote_id__isnull=False)
    rows = rows.filter(deleted=False) if part.noun == "invoice" else rows
    return rows if part.enterprise_id is None else rows.filter(enterprise_id=part.enterprise_id)


def parts_for(enterprises: list[Enterprise], *, key_wide: bool) -> list[tuple[str, Enterprise | None]]:
    """(noun, enterprise) of every list to be read."""
    found: list[tuple[str, Enterprise | None]] = [("enterprise", None)] if key_wide else []
    found += [(noun, enterprise) for enterprise in enterprises for noun in BELOW]
    found += [(noun, None) for noun in (*KEY_WIDE, BY_INVOICE)]
    return sorted(found, key=lambda part: ORDER.index(part[0]))


def below_invoice(noun: str, invoice_id: int) -> Listing:
    """The lines of an invoice, or what is applied to it."""
    resource = RECORDS[noun].wire.resource
    return Listing(f"invoices.{resource}", resource, {"id": invoice_id}, {"invoice_id": invoice_id})


def not_read_since(rows: Any, moment: datetime | None) -> Any:
    """Those whose record was last read before the moment."""
    return rows.filter(Q(remote_read_at__lt=moment) | Q(remote_read_at=None))
