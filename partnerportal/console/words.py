"""The record states as people read them: word, colour, icon. Source: pages, "Record state". Pure."""

from __future__ import annotations

from dataclasses import dataclass

from partnerportal.records.state import SyncState


@dataclass(frozen=True)
class Word:
    text: str
    colour: str
    icon: str


STATES: dict[str, Word] = {
    SyncState.CONFLICT: Word("Conflict", "red", "call_split"),
    SyncState.UNDECIDED: Word("Undecided", "red", "live_help"),
    SyncState.FAILED: Word("Failed", "red", "error"),
    SyncState.MISSING_THERE: Word("Missing there", "red", "link_off"),
    SyncState.CHECKING: Word("Checking", "orange", "help"),
    SyncState.ON_ITS_WAY: Word("On its way", "blue", "arrow_upward"),
    SyncState.NOT_VALID: Word("Not valid", "orange", "edit_off"),
    SyncState.NOT_SENT: Word("Not sent", "grey", "draft"),
    SyncState.CHANGED_HERE: Word("Changed here", "violet", "edit"),
    SyncState.IN_SYNC: Word("In sync", "green", "check"),
    SyncState.REMOVED: Word("Removed", "grey", "block"),
}
NEEDS_A_PERSON = (
    SyncState.CONFLICT,
    SyncState.UNDECIDED,
    SyncState.FAILED,
    SyncState.MISSING_THERE,
    SyncState.NOT_VALID,
)


def word(state: str) -> Word:
    return STATES.get(state) or Word(state, "grey", "help")
