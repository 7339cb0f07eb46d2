"""A file of money, visit by visit: gathered, judged, compared, written. Imports its siblings and models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from partnerportal.records.imports import source as sources
from partnerportal.records.imports.matching import CHANGED, NEW, NOT_VALID, UNCHANGED, Match
from partnerportal.records.imports.money.comparing import compare
from partnerportal.records.imports.money.desk import Desk
from partnerportal.records.imports.money.grouping import Visits
from partnerportal.records.imports.money.here import Here
from partnerportal.records.imports.money.judging import judge
from partnerportal.records.imports.money.names import Names
from partnerportal.records.imports.money.putting import write
from partnerportal.records.imports.money.totals import Totals
from partnerportal.records.imports.money.visit import FileVisit
from partnerportal.records.imports.refusal import Refusal
from partnerportal.records.imports.rows import Row
from partnerportal.records.imports.source import Source
from partnerportal.records.imports.values import Changes
from partnerportal.records.imports.writing import Written
from partnerportal.records.models import Import


@dataclass
class VisitMatch(Match):
    """A row, and the visit it belongs to."""

    visit: FileVisit | None = None


class MoneyWork:
    """`options` of the layout: {"spread": what names no claim pays the oldest open invoices}."""

    def __init__(self, file_import: Import, source: Source) -> None:
        if file_import.enterprise is None:
            raise Refusal("Say which enterprise these belong to, and choose the file again.")
        self._enterprise, self._source = file_import.enterprise, source
        self._spread = file_import.layout.get("options", {}).get("spread", True)
        self._names, self._visits, self._totals = Names(self._enterprise), Visits(source), Totals()
        self._same: dict[tuple[Any, ...], int] = {}
        self._bare = 0  # payments that name no claim

    def chunks(self, after: int = 0) -> Iterator[list[Row]]:
        """Whole visits, about CHUNK rows of them; those whose last line is not beyond `after` are in."""
        chunk: list[Row] = []
        for rows in self._visits:
            if rows[-1].line > after:
                chunk += rows
            if len(chunk) >= sources.CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def match(self, rows: Sequence[Row], *, lock: bool = False) -> list[Match]:
        opening = self._source.kind.name == "opening_balances"
        here = Here(self._enterprise, rows, lock=lock, opening=opening)
        desk = Desk(self._source.kind.name, self._source.reader, self._names, here, date.today())
        visits = [self._one(desk, list(group)) for _, group in groupby(rows, key=lambda row: row.group)]
        self._totals.add(visits)
        return [match for visit in visits for match in _matches(visit, self._source.kind.noun)]

    def _one(self, desk: Desk, rows: list[Row]) -> FileVisit:
        visit = judge(desk, rows)
        self._once(visit)
        if visit.valid:
            compare(desk, visit)
        self._bare += sum(not payment.claim and visit.invoice is None for payment in visit.payments)
        return visit

    def _once(self, visit: FileVisit) -> None:
        """Two visits of the file that are one here: two spellings of a doctor, or a patient named twice."""
        if not (visit.valid and visit.lines and visit.patient):
            return
        doctor, practice = visit.doctor and visit.doctor.pk, visit.practice and visit.practice.pk
        who = (visit.claim,) if visit.claim else (visit.patient.pk, visit.day, doctor, practice)
        line = visit.rows[0].line
        first = self._same.setdefault(who, line)
        if first != line:
            for row in visit.rows:
                row.as_problem(
                    "", "", f"is the same visit as line {first:,}", "keep one, or give both one claim number"
                )

    def write(self, matches: Sequence[Match]) -> list[Written]:
        visits = {id(m.visit): m.visit for m in matches if isinstance(m, VisitMatch) and m.word != NOT_VALID}
        return write(self._enterprise, [visit for visit in visits.values() if visit], spread=self._spread)

    def told(self) -> dict[str, Any]:
        skipped = {**self._source.table.skipped, **self._visits.left_out}
        return {"totals": self._totals.as_json(), "bare_payments": self._bare, "skipped": skipped}

    def layout(self) -> dict[str, Any]:
        """Names to place, with their rows, and names that a person placed."""
        unplaced = {noun: dict(names) for noun, names in self._names.unplaced.items() if names}
        placed = {noun: names for noun, names in self._names.placed.items() if names}
        return {"unplaced": unplaced, "placed": placed}


def _matches(visit: FileVisit, noun: str) -> Iterator[VisitMatch]:
    record = visit.invoice if noun == "invoice" else next((said.payment for said in visit.payments), None)
    changes = {row.line: _changes(visit, row) for row in visit.rows}
    for row in visit.rows:
        words = {line.word for line in visit.lines if line.row is row}
        words |= {payment.word for payment in visit.payments if payment.row is row}
        if row.problems:
            yield VisitMatch(row, NOT_VALID, visit=visit)
        elif changes[row.line]:
            yield VisitMatch(row, CHANGED, record, changes[row.line], visit=visit)
        else:
            word = next((word for word in (NEW, CHANGED) if word in words), UNCHANGED)
            yield VisitMatch(row, word, record, visit=visit)


def _changes(visit: FileVisit, row: Row) -> Changes:
    """Of the row's line; the invoice's own stand with its first row."""
    changes: Changes = {}
    if row is visit.rows[0]:
        changes |= {name: (_named(was), _named(now)) for name, (was, now) in visit.changes.items()}
    for line in visit.lines:
        if line.row is row:
            changes |= line.changes
    return changes


def _named(value: Any) -> Any:
    """A doctor or practice by name."""
    if hasattr(value, "last_name"):
        return f"{value.first_name} {value.last_name}".strip()
    return getattr(value, "name", value)
