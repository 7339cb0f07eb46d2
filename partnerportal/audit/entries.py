"""Writes Entry rows: who did or saw what here. The only writer of entries; imports audit and the kernel."""

from __future__ import annotations

from typing import Any

from partnerportal.audit.context import Context
from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import seal
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now

UNASKED = ("event:", "job:")


def write(action: str, context: Context, detail: dict[str, Any] | None = None) -> Entry:
    """Insert one entry in the current transaction. `action` is noun_verb: "patient_pushed"."""
    said = _with_cause(detail, context.cause)
    entry = Entry(
        at=db_now(),
        action=action,
        actor=context.actor,
        record=context.record,
        enterprise=context.enterprise,
        patient=context.patient,
        correlation_id=correlation.current(),
    )
    if said:
        seal(entry, said)
    entry.save(force_insert=True)
    return entry


def _with_cause(detail: dict[str, Any] | None, cause: str) -> dict[str, Any] | None:
    """What no click asked for says what did: the event, or the job that read it."""
    return {**(detail or {}), "cause": cause} if cause.startswith(UNASKED) else detail


def newest() -> int:
    """Where the log stands: the id of the newest entry, 0 without any."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
