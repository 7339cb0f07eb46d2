"""The word of a record: the first that applies, worst first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from partnerportal.records.state import Inputs, SyncState, sync_state

CLEAN = Inputs(
    remote_id=669, dirty=False, conflicts=False, valid=True, missing_there=False, removed=False, delivery=""
)

CASES = [
    ({}, SyncState.IN_SYNC),
    ({"removed": True}, SyncState.REMOVED),
    ({"removed": True, "dirty": True}, SyncState.CHANGED_HERE),
    ({"dirty": True}, SyncState.CHANGED_HERE),
    ({"remote_id": None}, SyncState.NOT_SENT),
    ({"remote_id": None, "valid": False}, SyncState.NOT_VALID),
    ({"dirty": True, "valid": False}, SyncState.NOT_VALID),
    ({"valid": False}, SyncState.IN_SYNC),
    ({"remote_id": None, "valid": False, "delivery": "blocked"}, SyncState.NOT_VALID),
    ({"remote_id": None, "delivery": "blocked"}, SyncState.ON_ITS_WAY),
    ({"remote_id": None, "delivery": "pending"}, SyncState.ON_ITS_WAY),
    ({"remote_id": None, "delivery": "waiting"}, SyncState.ON_ITS_WAY),
    ({"remote_id": None, "delivery": "in_flight"}, SyncState.ON_ITS_WAY),
    ({"remote_id": None, "delivery": "unknown"}, SyncState.CHECKING),
    ({"remote_id": None, "delivery": "undecided"}, SyncState.UNDECIDED),
    ({"remote_id": None, "delivery": "failed"}, SyncState.FAILED),
    ({"missing_there": True, "dirty": True}, SyncState.MISSING_THERE),
    ({"missing_there": True, "delivery": "failed"}, SyncState.FAILED),
    ({"conflicts": True, "dirty": True, "delivery": "failed"}, SyncState.CONFLICT),
]


@pytest.mark.parametrize(("change", "word"), CASES)
def test_the_word_is_the_first_that_applies(change: dict[str, object], word: SyncState) -> None:
    assert sync_state(replace(CLEAN, **change)) == word  # type: ignore[arg-type]
