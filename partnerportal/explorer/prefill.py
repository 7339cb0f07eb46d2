"""Examples with ids of records that are there: what a form is filled with, so that it works as it stands.

Imports records. The newest in sight are taken, the ones below each other where a body names several.
"""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.examples import PATH_ID, example
from integrations.inboxhealth.operations import Operation
from partnerportal.accounts.models import Staff
from partnerportal.explorer.about import BY_RESOURCE
from partnerportal.records.models import RECORDS

# By noun: through which of its columns it must belong to what was chosen before.
_ORDER: dict[str, tuple[str, ...]] = {
    "enterprise": (),
    "patient": ("enterprise",),
    "practice": ("enterprise",),
    "doctor": ("enterprise",),
    "invoice": ("patient",),
    "payment": ("patient",),
    "write_off_code": ("enterprise",),
    "payment_reason": ("enterprise",),
    "account_type": ("enterprise",),
    "line_item": ("invoice",),
    "invoice_payment": ("payment",),
    "write_off": ("patient",),
    "endpoint": (),
}


def chosen(staff: Staff) -> dict[str, int]:
    """By noun, the Inbox Health id to fill in; a noun without a record there is left out."""
    rows: dict[str, Any] = {}
    for noun, above in _ORDER.items():
        known: Any = RECORDS[noun].objects
        found = known.visible_to(staff).light().filter(remote_id__isnull=False, missing_since=None)
        for name in above:
            found = found.filter(**{name: rows.get(name)}) if rows.get(name) else found
        row = found.order_by("-pk").first()
        if row is not None:
            rows[noun] = row
    return {noun: row.remote_id for noun, row in rows.items()}


def path_id(operation: Operation, ids: dict[str, int]) -> int:
    """The id for the path; the example's own where nothing of the kind is there."""
    model = BY_RESOURCE.get(operation.name.partition(".")[0])
    return ids.get(model.wire.noun, PATH_ID) if model else PATH_ID


def body(operation: Operation, ids: dict[str, int]) -> dict[str, Any] | None:
    """The example with these ids in."""
    whole = example(operation)
    if whole is None:
        return None
    filled: dict[str, Any] = _with_ids(whole, ids)
    if "id" in filled:
        filled["id"] = path_id(operation, ids)
    return filled


def _with_ids(value: Any, ids: dict[str, int]) -> Any:
    if isinstance(value, dict):
        return {
            name: ids.get(name.removesuffix("_id"), inner) if name.endswith("_id") else _with_ids(inner, ids)
            for name, inner in value.items()
        }
    return [_with_ids(inner, ids) for inner in value] if isinstance(value, list) else value
