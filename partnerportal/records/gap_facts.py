"""Counts what may make a balance differ, for many patients at once. Reads rows, writes none. Imports gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from partnerportal.records.balances import breakdown
from partnerportal.records.gaps import Facts
from partnerportal.records.ledger_there import account_there
from partnerportal.records.models import MONEY, Patient
from partnerportal.records.state import SyncState

_OF_STATE = {
    SyncState.FAILED: "refused",
    SyncState.UNDECIDED: "undecided",
    SyncState.MISSING_THERE: "missing",
    SyncState.CONFLICT: "conflicts",
    SyncState.NOT_VALID: "not_valid",
    SyncState.CHECKING: "on_the_way",
    SyncState.ON_ITS_WAY: "on_the_way",
    SyncState.NOT_SENT: "unsent",
    SyncState.CHANGED_HERE: "unsent",
}


def facts_of(patients: Iterable[Patient]) -> dict[int, Facts]:
    """By primary key; two queries a noun, however many patients. `unexplained` is not looked at."""
    rows = list(patients)
    counts: dict[int, Counter[str]] = {row.pk: Counter() for row in rows}
    accepted: dict[int, datetime] = {}
    for model in MONEY.values():
        if model.account_path:
            _count(model, counts, accepted)
    return {
        row.pk: Facts(
            patient_there=row.remote_id is not None,
            behind=_behind(row, accepted.get(row.pk)),
            **counts[row.pk],
        )
        for row in rows
    }


def unexplained(patient: Patient) -> int | None:
    """Cents owed there beyond what comes of all that was accepted from here; None where not read."""
    there = patient.balance_there_cents
    return None if there is None else there - breakdown(account_there(patient)).owes


def _count(model: Any, counts: dict[int, Counter[str]], accepted: dict[int, datetime]) -> None:
    path = model.account_path
    rows = model.objects.filter(**{f"{path}__in": list(counts)}).order_by()
    for pk, state, number in rows.values_list(path, "sync_state").annotate(n=Count("pk")):
        if state in _OF_STATE:
            counts[pk][_OF_STATE[SyncState(state)]] += number
    for pk, latest in rows.values_list(path).annotate(latest=Max("accepted_at")):
        if latest is not None:
            accepted[pk] = max(latest, accepted.get(pk, latest))


def _behind(patient: Patient, latest: datetime | None) -> bool:
    return latest is not None and patient.balance_read_at is not None and latest > patient.balance_read_at
