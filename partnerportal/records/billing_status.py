"""Whose billing a choice changes, and the change itself: never bill, billing starts, nothing due.

Source: contract 5, "billing status" [D]. Imports models. Sending is asked for by the caller.
"""

from __future__ import annotations

from partnerportal.records.models import Patient

EXCLUDED, SCHEDULED, COMPLETE = "excluded", "scheduled", "complete"
SETTABLE = (SCHEDULED, EXCLUDED, COMPLETE)
ATTRIBUTE = "billing_status"
_CHANGED = (
    ATTRIBUTE, "acknowledged", "version", "not_valid", "dirty", "conflicts", "sync_state", "updated_at",
)  # fmt: skip

CHANGE, HERE, SAME = "change", "here", "same"
LEFT_OUT = ("owes_nothing", "not_there", "not_valid", "removed", SAME)


def standing(row: Patient, status: str) -> str:
    """What the choice does to a patient: CHANGE (and send), HERE (nothing is there yet), or why nothing.

    A billing cycle is for who is at Inbox Health and owes something.
    """
    if row.is_removed:
        return "removed"
    if row.billing_status == status and _there(row) in (None, status):
        return SAME
    if status == SCHEDULED and row.remote_id is None:
        return "not_there"
    if status == SCHEDULED and row.balance_cents <= 0:
        return "owes_nothing"
    if row.remote_id is None:
        return HERE
    return "not_valid" if row.not_valid else CHANGE


def set_status(row: Patient, status: str) -> None:
    """Change it, under the row's lock. What it is there by now was looked at, and is overruled."""
    there = _there(row)
    if there is not None:
        row.acknowledged = {**(row.acknowledged or {}), ATTRIBUTE: {"sent": there, "answered": there}}
    row.billing_status = status
    row.version += 1
    row.save(update_fields=_CHANGED)


def _there(row: Patient) -> str | None:
    said = (row.remote or {}).get(ATTRIBUTE)
    return said if isinstance(said, str) else None
