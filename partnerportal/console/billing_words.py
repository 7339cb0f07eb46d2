"""What a choice about billing says: consequence with figures, who is left out. Pure. Source: pages 2.

Imports delivery's figures and the labels.
"""

from __future__ import annotations

from partnerportal.console import labels
from partnerportal.delivery.billing import Figures
from partnerportal.kernel.money import dollars
from partnerportal.kernel.numbers import counted
from partnerportal.records.billing_status import COMPLETE, EXCLUDED, SCHEDULED

_WHY = {
    "same": "{} like this already",
    "owes_nothing": "{} without anything owed",
    "not_there": "{} not at Inbox Health yet",
    "not_valid": "{} that can’t be sent yet",
    "removed": "{} marked removed",
}
_LEADS = {
    SCHEDULED: "Puts them on a billing cycle: statements go out, and what went out can’t be called back.",
    EXCLUDED: "No statement ever, until it is set otherwise.",
    COMPLETE: "Ends a billing cycle they are on. Nothing is due to happen.",
}


def label(status: str) -> str:
    return labels.billing(status)


def sentence(status: str, found: Figures) -> str:
    """ "Inbox Health starts sending statements to 12 patients who owe $3,204.10." """
    if not found.number and not found.here:
        return "Nothing would change."
    whom, owed = counted(found.number, "patient"), dollars(found.owed)
    owes = "owes" if found.number == 1 else "owe"
    said = {
        SCHEDULED: f"Inbox Health starts sending statements to {whom} who {owes} {owed}.",
        EXCLUDED: f"Inbox Health never bills {whom} who {owes} {owed}.",
        COMPLETE: f"Nothing is due to happen any more for {whom} who {owes} {owed}.",
    }[status]
    parts = [said, _LEADS[status]] if found.number else []
    if found.here:
        parts.append(f"{counted(found.here, 'patient')} not at Inbox Health yet: changed here only.")
    if found.differ:
        whose = "Their balance differs" if found.number == 1 else f"The balances of {found.differ:,} differ"
        parts.append(f"{whose} from Inbox Health’s: compare first.")
    return " ".join(parts)


def left_out(found: Figures) -> list[str]:
    """ "3 patients without anything owed"."""
    return [
        words.format(counted(found.counts[why], "patient"))
        for why, words in _WHY.items()
        if found.counts[why]
    ]


def act(status: str, number: int) -> str:
    """The button: "Start billing 12 patients"."""
    whom = counted(number, "patient")
    return {
        SCHEDULED: f"Start billing {whom}",
        EXCLUDED: f"Never bill {whom}",
        COMPLETE: f"Mark {whom} complete",
    }[status]
