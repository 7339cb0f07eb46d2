"""The event types that are known, by noun, and where from. Pure. Source: contract, section 6."""

from __future__ import annotations

import re

# Documented or seen: these must come when we change something ourselves, so their silence means something.
SEEN = (
    "patient_created", "patient_updated", "invoice_created", "invoice_updated", "payment_created",
    "payment_updated", "invoice_payment_created", "invoice_payment_updated", "line_item_created",
    "attachment_created", "attachment_updated", "account_manager_created",
)  # fmt: skip
ASSUMED = (
    "line_item_updated", "enterprise_created", "enterprise_updated", "practice_created", "practice_updated",
    "doctor_created", "doctor_updated", "payment_adjustment_created", "write_off_created",
    "notification_created",
)  # fmt: skip
KNOWN = (*SEEN, *ASSUMED)
USUAL = tuple(one for one in SEEN if not one.startswith(("attachment", "account_manager")))
_SHAPE = re.compile(r"[a-z][a-z0-9_]{1,98}_[a-z0-9]+").fullmatch


def is_a_type(text: str) -> bool:
    """Whether it has the shape `<resource>_<verb>`; the set is open."""
    return _SHAPE(text) is not None


def by_noun(types: tuple[str, ...] = KNOWN) -> dict[str, list[str]]:
    """{"patient": ["patient_created", …]}, in the order above."""
    found: dict[str, list[str]] = {}
    for one in types:
        found.setdefault(one.rpartition("_")[0], []).append(one)
    return found
