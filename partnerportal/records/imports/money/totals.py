"""What a file comes to, in cents: shown before anything goes in. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from partnerportal.kernel.money import dollars
from partnerportal.kernel.numbers import counted
from partnerportal.records.imports.matching import CHANGED, NEW
from partnerportal.records.imports.money.visit import FileVisit
from partnerportal.records.models import Payment


class Totals:
    """Counts and sums of what would go in; of changed lines the number alone."""

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()
        self._patients: set[int] = set()

    def add(self, visits: Iterable[FileVisit]) -> None:
        for visit in visits:
            if not visit.valid:
                self._sums["visits_out"] += 1
                continue
            self._visit(visit)
            before = self._sums["lines"] + self._sums["payments"]
            self._lines(visit)
            self._payments(visit)
            if visit.patient and self._sums["lines"] + self._sums["payments"] > before:
                self._patients.add(visit.patient.pk)

    def _visit(self, visit: FileVisit) -> None:
        changed = bool(visit.changes) or any(line.word != "unchanged" for line in visit.lines)
        self._sums["invoices"] += visit.is_new
        self._sums["invoices_changed"] += bool(visit.lines) and not visit.is_new and changed
        self._sums["estimates"] += visit.is_new and bool(visit.estimate)
        self._sums["waiting"] += visit.is_new and any(line.charge.insurance_owed for line in visit.lines)
        self._sums["zero"] += not visit.lines and not visit.payments

    def _lines(self, visit: FileVisit) -> None:
        for line in visit.lines:
            self._sums["lines_changed"] += line.word == CHANGED
            if line.word == NEW:
                charge = line.charge
                self._sums["lines"] += 1
                self._sums["charged"] += charge.each * charge.quantity
                self._sums["tax"] += charge.tax
                self._sums["covered"] += charge.covered
                self._sums["insurance"] += charge.insurance_owed

    def _payments(self, visit: FileVisit) -> None:
        for payment in visit.payments:
            if payment.word == NEW:
                self._sums["payments"] += 1
                self._sums["paid"] += payment.cents
                if payment.method == Payment.Method.INSURANCE:
                    self._sums["paid_by_insurance"] += payment.cents

    def as_json(self) -> dict[str, int]:
        return {**+self._sums, "patients": len(self._patients)}


def sentences(totals: dict[str, int]) -> list[str]:
    """ "312 lines in 140 new invoices for 97 patients: $45,210.00 charged", "12 payments, $840.00"."""
    told = []
    if totals.get("lines"):
        where = (
            counted(totals["invoices"], "new invoice") if totals.get("invoices") else "invoices here already"
        )
        people = counted(totals.get("patients", 0), "patient")
        told.append(f"{counted(totals['lines'], 'line')} in {where} for {people}: {_sums(totals)}")
    if totals.get("lines_changed") or totals.get("invoices_changed"):
        lines = counted(totals.get("lines_changed", 0), "line")
        told.append(
            f"{lines} changed, in {counted(totals.get('invoices_changed', 0), 'invoice')} here already"
        )
    if totals.get("payments"):
        insurance = totals.get("paid_by_insurance", 0)
        of_it = f", {dollars(insurance)} of it by insurance" if insurance else ""
        told.append(f"{counted(totals['payments'], 'payment')}, {dollars(totals.get('paid', 0))}{of_it}")
    return told


def worth_knowing(totals: dict[str, int]) -> list[str]:
    """What a person should know of it before it goes in."""
    told = (
        ("waiting", "visit waits for insurance and adds $0.00 until it has paid",
         "visits wait for insurance and add $0.00 until it has paid"),
        ("estimates", "estimate, not owed", "estimates, not owed"),
        ("zero", "row says $0.00 and brings nothing", "rows say $0.00 and bring nothing"),
        ("visits_out", "visit or payment stays out whole", "visits or payments stay out whole"),
    )  # fmt: skip
    return [counted(totals[key], one, many) for key, one, many in told if totals.get(key)]


def _sums(totals: dict[str, int]) -> str:
    words = (
        ("charged", "charged"),
        ("covered", "covered"),
        ("insurance", "owed by insurance"),
        ("tax", "tax"),
    )
    return ", ".join(
        f"{dollars(totals.get(key, 0))} {word}" for key, word in words if key == "charged" or totals.get(key)
    )
