"""The panel of a balance: both sides line by line, the verdict, the first line that differs and why.

Ours is reckoned from the rows here; theirs from what Inbox Health accepted, its sum is what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from partnerportal.console import formats
from partnerportal.console.words import Word
from partnerportal.kernel.money import dollars, owed
from partnerportal.records.balances import Breakdown, breakdown
from partnerportal.records.gap_facts import facts_of
from partnerportal.records.gaps import likely_cause
from partnerportal.records.ledger import account
from partnerportal.records.ledger_there import account_there
from partnerportal.records.models import Invoice, Patient

MOST_NAMED = 50


@dataclass(frozen=True)
class Row:
    """One line of the panel. Amounts in cents; None where nothing is known of it. `kind`: "", sub or sum."""

    label: str
    ours: int | None
    theirs: int | None
    kind: str = ""
    href: str = ""
    as_owed: bool = False

    @property
    def differs(self) -> bool:
        return self.theirs is not None and self.ours != self.theirs

    @property
    def shown(self) -> tuple[str, str]:
        say = owed if self.as_owed else dollars
        return say(self.ours), say(self.theirs)


@dataclass(frozen=True)
class Panel:
    """`word` and `sentence` are the verdict; `first`: the label of the first line that differs, or ""."""

    word: Word
    sentence: str
    cause: str
    rows: list[Row]
    first: str


def panel_of(patient: Patient, *, busy: bool) -> Panel:
    """`busy`: something of the account is on its way, so that a difference says nothing yet."""
    ours, known = breakdown(account(patient)), breakdown(account_there(patient))
    theirs = patient.balance_there_cents
    rows = _rows(patient, ours, known)
    word, sentence = verdict(patient, ours.owes, busy=busy)
    differs = word.colour == "red"
    first = next((row.label for row in rows if row.differs), "") if differs else ""
    return Panel(word, sentence, _cause(patient, theirs, known) if differs else "", rows, first)


def verdict(patient: Patient, ours: int, *, busy: bool) -> tuple[Word, str]:
    """Whether both sides agree, in a word and a sentence."""
    theirs = patient.balance_there_cents
    if busy:
        return Word("On its way", "blue", "arrow_upward"), "It is compared when all of it has arrived."
    if patient.remote_id is None:
        return Word("Not compared", "grey", "help"), f"{patient} is not at Inbox Health yet."
    if theirs is None:
        return Word("Not compared", "grey", "help"), "Nobody has read yet what Inbox Health says."
    if theirs == ours:
        return Word("Agrees", "green", "check"), f"Inbox Health agrees: {owed(theirs)}."
    apart = dollars(abs(ours - theirs))
    return Word("Differs", "red", "error"), f"{apart} apart: {owed(ours)} here, {owed(theirs)} there."


def _cause(patient: Patient, theirs: int | None, known: Breakdown) -> str:
    facts = facts_of([patient])[patient.pk]
    unexplained = None if theirs is None else theirs - known.owes
    return likely_cause(type(facts)(**{**vars(facts), "unexplained": unexplained}))


def _rows(patient: Patient, ours: Breakdown, known: Breakdown) -> list[Row]:
    """Open invoices, what waits, unapplied payments, write-offs, what is owed."""
    there = patient.remote_id is not None
    named = _named(patient, ours, known)
    rows = [Row("Open invoices", _sum(ours.open), _sum(known.open) if there else None)]
    rows += _of_invoices(ours.open, known.open, named, there=there)
    if ours.waiting or known.waiting:
        label = "Wait for insurance, not counted"
        rows.append(Row(label, _sum(ours.waiting), _sum(known.waiting) if there else None))
        rows += _of_invoices(ours.waiting, known.waiting, named, there=there)
    rows.append(Row("Unapplied payments", -ours.unapplied, -known.unapplied if there else None))
    rows.append(Row("Write-offs", -ours.written_off, -known.written_off if there else None))
    rest = _unexplained(patient, known)
    if rest:
        rows.append(Row("Not known here", 0, rest))
    return [*rows, Row("Owes", ours.owes, patient.balance_there_cents, "sum", as_owed=True)]


def _unexplained(patient: Patient, known: Breakdown) -> int:
    theirs = patient.balance_there_cents
    return 0 if theirs is None else theirs - known.owes


def _sum(pairs: list[tuple[int, int]]) -> int:
    return sum(cents for _, cents in pairs)


def _of_invoices(
    ours: list[tuple[int, int]], known: list[tuple[int, int]], named: dict[int, Any], *, there: bool
) -> list[Row]:
    here, over = dict(ours), dict(known)
    keys = [*here, *(key for key in over if key not in here)]
    return [
        Row(
            f"{named[key].short_id} · {formats.day(named[key].date_of_service)}",
            here.get(key, 0),
            over.get(key, 0) if there else None,
            "sub",
            f"/{named[key].short_id}",
        )
        for key in keys[:MOST_NAMED]
        if key in named
    ]


def _named(patient: Patient, *breakdowns: Breakdown) -> dict[int, Any]:
    keys = {key for found in breakdowns for pairs in (found.open, found.waiting) for key, _ in pairs}
    return Invoice.objects.filter(patient=patient).light().in_bulk(list(keys))
