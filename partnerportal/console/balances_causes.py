"""Why balances may differ, for one page of a list. Imports records' gaps."""

from __future__ import annotations

from typing import Any

from partnerportal.records.gap_facts import facts_of
from partnerportal.records.gaps import likely_cause


def prepare(rows: list[Any]) -> None:
    """Gives each patient its `likely_cause`, in a few queries however many they are."""
    facts = facts_of(rows)
    for row in rows:
        row.likely_cause = likely_cause(facts[row.pk])
