"""Which of our records a call is about, by the Inbox Health ids in its path and body. Imports records.

For the audit rows, so that a patient's story tells also what was tried; an id unknown here is about nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.inboxhealth.operations import Operation
from partnerportal.audit.context import Context
from partnerportal.records.models import RECORDS, Mirror

BY_RESOURCE: dict[str, type[Mirror]] = {model.wire.resource: model for model in RECORDS.values()}
# Nearest to the person first: an invoice says more than its enterprise.
_PARENTS = ("payment", "invoice", "patient", "doctor", "practice", "enterprise")


def find(model: type[Mirror], remote_id: Any) -> Mirror | None:
    """Our row with this Inbox Health id."""
    if not str(remote_id or "").isdecimal() or len(str(remote_id)) > 18:
        return None
    found: Mirror | None = model.objects.filter(remote_id=int(remote_id)).first()
    return found


def about(
    context: Context, operation: Operation, path: Mapping[str, Any], body: Mapping[str, Any]
) -> Context:
    """The context of one run: its origin, and whom it is about."""
    told = context.about(origin="explorer", lane="interactive")
    row = _named(operation, path) or _parent(operation, body)
    if row is None:
        return told
    named = row.record_name if "{id}" in operation.path else ""
    return told.about(record=named, enterprise=row.enterprise_pk, patient=row.person_pk)


def _named(operation: Operation, path: Mapping[str, Any]) -> Mirror | None:
    model = BY_RESOURCE.get(operation.name.partition(".")[0])
    return find(model, path.get("id")) if model else None


def _parent(operation: Operation, body: Mapping[str, Any]) -> Mirror | None:
    parts = [part for part in (*body.values(), body) if isinstance(part, Mapping)]
    for noun in _PARENTS:
        for part in parts:
            row = find(RECORDS[noun], part.get(f"{noun}_id"))
            if row is not None:
                return row
    return None
