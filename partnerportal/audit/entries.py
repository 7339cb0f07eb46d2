"""Writes Entry rows: who did or saw what here. The only writer of entries; imports audit and the kernel."""

from __future__ import annotations

from typing import Any

from partnerportal.audit.context import Context
from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import seal
from partnerportal.kernel import correlation


def write(action: str, context: Context, detail: dict[str, Any] | None = None) -> Entry:
    """Insert one entry in the current transaction. `action` is noun_verb: "patient_pushed"."""
    sealed = seal(detail) if detail else None
    return Entry.objects.create(
        action=action,
        actor=context.actor,
        record=context.record,
        enterprise=context.enterprise,
        patient=context.patient,
        correlation_id=correlation.current(),
        data_key=sealed.data_key if sealed else None,
        content=sealed.content if sealed else None,
        content_digest=sealed.content_digest if sealed else None,
    )


def newest() -> int:
    """Where the log stands: the id of the newest entry, 0 without any."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
