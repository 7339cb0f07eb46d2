"""Why balances may differ, for one page of a list: what is not sent, refused, without an answer.

Six queries however many patients. Imports records' models only.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from partnerportal.kernel.numbers import counted
from partnerportal.records.models import MONEY
from partnerportal.records.state import SyncState

_WORDS = (
    ((SyncState.UNDECIDED, SyncState.CHECKING), "{} sent without an answer yet"),
    ((SyncState.FAILED,), "{} refused by Inbox Health"),
    ((SyncState.ON_ITS_WAY,), "{} on the way"),
    ((SyncState.NOT_SENT, SyncState.CHANGED_HERE, SyncState.NOT_VALID), "{} not sent yet"),
    ((SyncState.MISSING_THERE,), "{} missing there"),
)
THERE = "Changed at Inbox Health since it was sent"
_ACCOUNTS = {noun: model for noun, model in MONEY.items() if model.account_path}


def prepare(rows: list[Any]) -> None:
    """Gives each patient its `likely_cause`."""
    standings = _standings([row.pk for row in rows])
    for row in rows:
        row.likely_cause = cause(standings.get(row.pk, Counter()))


def cause(found: Counter[str]) -> str:
    """In words, from how many of a patient's money records are in which state."""
    for states, words in _WORDS:
        number = sum(found[state] for state in states)
        if number:
            return words.format(counted(number, "thing"))
    return THERE


def _standings(patients: list[int]) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for model in _ACCOUNTS.values():
        rows = model.objects.filter(**{f"{model.account_path}__in": patients})
        unsettled = rows.exclude(sync_state__in=(SyncState.IN_SYNC, SyncState.REMOVED)).order_by()
        for patient, state in unsettled.values_list(model.account_path, "sync_state"):
            found.setdefault(patient, Counter())[state] += 1
    return found
