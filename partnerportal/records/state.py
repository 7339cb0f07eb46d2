"""The word that says how a record stands: one pure function, the first that applies. Source: pages, 2."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SyncState(StrEnum):
    CONFLICT = "conflict"
    UNDECIDED = "undecided"
    FAILED = "failed"
    MISSING_THERE = "missing_there"
    CHECKING = "checking"
    ON_ITS_WAY = "on_its_way"
    NOT_VALID = "not_valid"
    NOT_SENT = "not_sent"
    CHANGED_HERE = "changed_here"
    IN_SYNC = "in_sync"
    REMOVED = "removed"


@dataclass(frozen=True)
class Inputs:
    """All that the word depends on. `delivery` is that of the open or failed delivery, or ""."""

    remote_id: int | None
    dirty: bool
    conflicts: bool
    valid: bool
    missing_there: bool
    removed: bool
    delivery: str  # "" pending waiting blocked in_flight unknown undecided failed


def sync_state(inputs: Inputs) -> SyncState:
    """The first that applies, worst first."""
    by_delivery = {
        "undecided": SyncState.UNDECIDED,
        "failed": SyncState.FAILED,
    }
    if inputs.conflicts:
        return SyncState.CONFLICT
    if inputs.delivery in by_delivery:
        return by_delivery[inputs.delivery]
    if inputs.missing_there:
        return SyncState.MISSING_THERE
    if inputs.delivery == "unknown":
        return SyncState.CHECKING
    if inputs.delivery in {"pending", "waiting", "in_flight"} or (
        inputs.delivery == "blocked" and inputs.valid
    ):
        return SyncState.ON_ITS_WAY
    return _at_rest(inputs)


def _at_rest(inputs: Inputs) -> SyncState:
    if inputs.removed and inputs.remote_id is None:
        return SyncState.REMOVED  # joined into another before it was ever sent
    if not inputs.valid and (inputs.remote_id is None or inputs.dirty):
        return SyncState.NOT_VALID
    if inputs.remote_id is None:
        return SyncState.NOT_SENT
    if inputs.dirty:
        return SyncState.CHANGED_HERE
    return SyncState.REMOVED if inputs.removed else SyncState.IN_SYNC
