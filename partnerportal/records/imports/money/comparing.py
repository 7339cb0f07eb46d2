"""A visit of the file against what is here: which of it is new, changed, the same. Imports here and visit.

An invoice is known by its claim number; without one by patient, day, doctor and practice. Its lines by what
they say: the same first, then of the same code and text, then of the same code. What is here and not in the
file stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from partnerportal.kernel.money import dollars
from partnerportal.records.imports.matching import CHANGED, NEW, UNCHANGED
from partnerportal.records.imports.money.desk import Desk
from partnerportal.records.imports.money.judging import all_or_none
from partnerportal.records.imports.money.visit import FileLine, FilePayment, FileVisit, columns_of
from partnerportal.records.imports.values import Changes
from partnerportal.records.models import Invoice, LineItem


def compare(desk: Desk, found: FileVisit) -> None:
    """Fills in what is here of a valid visit; a payment that is here otherwise is a problem of its row."""
    if found.lines:
        found.invoice = _invoice(desk, found)
        if found.invoice is not None:
            _against(desk, found, found.invoice)
    for payment in found.payments:
        _payment(desk, payment)
    all_or_none(found)


def _invoice(desk: Desk, found: FileVisit) -> Invoice | None:
    if found.claim:
        return desk.here.named(found.claim)
    if found.patient is None or found.day is None:
        return None
    of_day = desk.here.visits(found.patient, found.day)
    doctor, practice = found.doctor and found.doctor.pk, found.practice and found.practice.pk
    alike = [i for i in of_day if i.doctor_id == doctor and i.practice_id == practice]
    return next(iter(alike), None)


def _against(desk: Desk, found: FileVisit, invoice: Invoice) -> None:
    if invoice.deleted:
        for line in found.lines:
            line.word = UNCHANGED  # deleted here since: a file does not bring it back
        return
    found.changes = _of_invoice(found, invoice)
    left = list(desk.here.lines.get(invoice.pk, []))
    for fits in (_same, _same_text, _same_code):
        _pair(found.lines, left, fits)


def _of_invoice(found: FileVisit, invoice: Invoice) -> Changes:
    """What the file says otherwise of the invoice; what it does not say is left alone."""
    said = {
        "doctor": found.doctor,
        "practice": found.practice if any(line.row.values.get("practice") for line in found.lines) else None,
        "date_of_service": min(
            (line.charge.date_of_service for line in found.lines if line.charge.date_of_service), default=None
        ),
        "estimate": found.estimate,
    }
    changes: Changes = {}
    for name, now in said.items():
        was = getattr(invoice, name)
        if now is not None and was != now:
            changes[name] = (was, now)
    return changes


def _pair(lines: list[FileLine], left: list[LineItem], fits: Callable[[FileLine, LineItem], bool]) -> None:
    for line in lines:
        if line.line is not None:
            continue
        known = next((candidate for candidate in left if fits(line, candidate)), None)
        if known is not None:
            left.remove(known)
            line.line, line.changes = known, _otherwise(line, known)
            line.word = CHANGED if line.changes else UNCHANGED


def _otherwise(line: FileLine, known: LineItem) -> Changes:
    now = _said(line)
    return {
        name: (getattr(known, name), value) for name, value in now.items() if getattr(known, name) != value
    }


def _said(line: FileLine) -> dict[str, Any]:
    """The columns that the row says: a blank cell leaves ours alone."""
    said = columns_of(line.charge)
    values = line.row.values
    always = {"total_charge_amount_cents", "quantity", "description"}
    return {name: value for name, value in said.items() if name in always or name in values}


def _same(line: FileLine, known: LineItem) -> bool:
    return not _otherwise(line, known)


def _same_text(line: FileLine, known: LineItem) -> bool:
    charge = line.charge
    folded = known.description.casefold() == charge.description.casefold()
    return not known.deleted and folded and known.service_code == charge.service_code


def _same_code(line: FileLine, known: LineItem) -> bool:
    code = line.charge.service_code
    return not known.deleted and bool(code) and known.service_code == code


def _payment(desk: Desk, payment: FilePayment) -> None:
    known = desk.here.payments.get(payment.key)
    if known is None:
        payment.word = NEW
        return
    payment.payment, payment.word = known, UNCHANGED
    if known.amount_cents != payment.cents:
        name = "insurance_paid_cents" if payment.key.endswith("i") else "paid_cents"
        desk.problem(
            payment.row, name, dollars(payment.cents),
            f"is here as {known.short_id} with {dollars(known.amount_cents)}",
            "a payment can't be changed: refund or void it, and record the other",
        )  # fmt: skip
