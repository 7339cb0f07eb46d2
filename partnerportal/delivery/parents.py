"""What must be there first: the parent's id, its list read, a person's word. Reads rows, writes none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from partnerportal.audit import checkpoint
from partnerportal.delivery.models import Delivery
from partnerportal.records import matching, returning
from partnerportal.records.models import MONEY, Enterprise, LineItem, Mirror, Practice, Sighting


@dataclass(frozen=True)
class Wait:
    """Why a delivery can't go out yet. `first`: (row, kind) to be delivered before it."""

    reason: str  # parent · practices · lines · match · not_valid · looks_alike · enterprises · conflict
    blocked_by: str = ""
    first: tuple[Mirror, str] | None = None
    needs_person: bool = False
    detail: Any = None


def wait_for(delivery: Delivery, row: Mirror) -> Wait | None:
    """The first thing that is missing, or None where the record can go out."""
    if delivery.kind != Delivery.Kind.PUSH:
        return None
    if row.not_valid:
        return Wait("not_valid")
    if row.remote_id is not None:
        return _parent_first(row) or _undecided(row)
    if isinstance(row, Enterprise):
        return _enterprises_read(row) or _looks_alike(delivery, row)
    return _below_enterprise(delivery, row)


def _undecided(row: Mirror) -> Wait | None:
    """All that would be sent was changed there too: a person says which value stays."""
    undecided = row.conflicts and set(row.dirty) <= set(row.conflicts)
    return Wait("conflict", needs_person=True) if undecided else None


def _enterprises_read(row: Enterprise) -> Wait | None:
    """Before the very first create of an enterprise, and the first after a restore, their list is read."""
    if matching.is_list_read("enterprise", checkpoint.restored_at()):
        return None
    return Wait("enterprises", row.record_name, (row, Delivery.Kind.MATCH))


def _below_enterprise(delivery: Delivery, row: Any) -> Wait | None:
    enterprise: Enterprise | None = getattr(row, "enterprise", None)
    if enterprise is None:
        return None
    if enterprise.remote_id is None:
        return Wait("parent", enterprise.record_name, (enterprise, Delivery.Kind.PUSH))
    if isinstance(row, Practice) and enterprise.practices_read_at is None:
        return Wait("practices", enterprise.record_name, (enterprise, Delivery.Kind.READ_PRACTICES))
    if row.noun in MONEY:
        return _parent_first(row) or _lines_first(row) or _entered_again(delivery, row)
    if enterprise.adopted and _unread(enterprise, row):
        return Wait("match", enterprise.record_name, (enterprise, Delivery.Kind.MATCH))
    return _parent_first(row) or (_looks_alike(delivery, row) if enterprise.adopted else None)


def _unread(enterprise: Enterprise, row: Mirror) -> bool:
    return {"patient": enterprise.patients_read_at, "doctor": enterprise.doctors_read_at}.get(
        row.noun, enterprise.practices_read_at
    ) is None


def _parent_first(row: Mirror) -> Wait | None:
    for parent in row.parents():
        if parent.remote_id is None:
            return Wait("parent", parent.record_name, (parent, Delivery.Kind.PUSH))
    return None


def _lines_first(row: Mirror) -> Wait | None:
    """A line goes alone only once its invoice's own are read back: it may have gone with them."""
    if isinstance(row, LineItem) and row.invoice.lines_read_at is None:
        return Wait("lines", row.invoice.record_name, (row.invoice, Delivery.Kind.READ_LINES))
    return None


def _entered_again(delivery: Delivery, row: Mirror) -> Wait | None:
    """After a restore, money that the lost hours had sent is back: the same once more is asked about."""
    restored = None if delivery.as_new else checkpoint.restored_at()
    found = returning.taken_in(row, restored) if restored is not None else None
    if found is None:
        return None
    candidate = {"record": found.remote, "differs": [], "ours": False}
    return Wait("looks_alike", needs_person=True, detail={"candidates": [candidate]})


def _looks_alike(delivery: Delivery, row: Mirror) -> Wait | None:
    """A record there that is ours by its reference, or with the same chart number: tied without asking; or
    several; else with the same name: a person says whether it is the same, or new.
    """
    own = matching.with_reference(row)
    if own is not None:
        return Wait("looks_alike", needs_person=True, detail=_candidates(row, [own]))
    if delivery.as_new:
        return None
    found = matching.with_chart(row) or matching.same_name(row)
    return Wait("looks_alike", needs_person=True, detail=_candidates(row, found)) if found else None


def _candidates(row: Mirror, found: list[Sighting]) -> dict[str, Any]:
    sent = row.wire.create_payload(row)
    return {
        "candidates": [
            {"record": s.record, "differs": row.wire.same_content(sent, s.record or {}), "ours": False}
            for s in found
        ]
    }
