"""Rows of one visit → the visit, or what is wrong with which row: it goes in whole, or stays out whole.

Imports desk, lines, paid, whom.
"""

from __future__ import annotations

from collections.abc import Iterator

from partnerportal.kernel.money import dollars
from partnerportal.records.billing import Charge
from partnerportal.records.imports.money import readers
from partnerportal.records.imports.money.desk import Desk, is_charge, is_payment
from partnerportal.records.imports.money.lines import TOTAL, charge_of
from partnerportal.records.imports.money.paid import payments_of
from partnerportal.records.imports.money.visit import FileLine, FileVisit
from partnerportal.records.imports.money.whom import find_patient, find_place
from partnerportal.records.imports.rows import Row


def judge(desk: Desk, rows: list[Row]) -> FileVisit:
    """The rows as lines and payments of one patient; problems are said on the rows."""
    found = FileVisit(rows, claim=str(rows[0].values.get("claim_number") or ""))
    for row in rows:
        _row(desk, found, row)
    if found.claim and not found.lines and found.valid:
        _must_be_here(desk, found)
    find_patient(desk, found)
    if found.lines:
        find_place(desk, found)
    all_or_none(found)
    return found


def _row(desk: Desk, found: FileVisit, row: Row) -> None:
    if desk.kind == "opening_balances":
        found.lines += _opening(desk, row)
    elif row.values.get("row_type") == readers.ADJUSTMENT:
        desk.problem(
            row, "row_type", "", "is an adjustment in a row of its own",
            "write it beside its charge, in a column Adjustment",
        )  # fmt: skip
    elif is_charge(row):
        charge = charge_of(row, desk.reader)
        if charge is not None:
            found.lines.append(FileLine(row, charge))
    elif desk.kind == "charges" and not is_payment(row) and not row.problems:
        desk.problem(row, TOTAL, "", "no charge", "write what was charged, 0.00 for nothing")
    elif desk.kind == "payments" and "paid_cents" not in row.values and not row.problems:
        desk.problem(row, "paid_cents", "", "no amount", "write what was paid")
    found.payments += payments_of(desk, row)


def _opening(desk: Desk, row: Row) -> Iterator[FileLine]:
    """A balance becomes one line; nothing owed is nothing to bring."""
    cents = row.values.get("balance_cents")
    if cents is None and not row.problems:
        desk.problem(row, "balance_cents", "", "no balance", "write 0.00 for nothing")
    elif cents is not None and cents < 0:
        desk.problem(
            row, "balance_cents", dollars(cents), "is a credit",
            "record it as a payment on the patient's page",
        )  # fmt: skip
    elif cents:
        day = row.values.get("date_of_service")
        yield FileLine(row, Charge("Balance forward", cents, date_of_service=day))


def _must_be_here(desk: Desk, found: FileVisit) -> None:
    """Payments alone, for a claim that an earlier file brought."""
    found.invoice = desk.here.named(found.claim)
    if found.invoice is None or found.invoice.deleted:
        why = "is deleted here" if found.invoice else "is no claim or invoice here"
        remedy = "import its charges first, or leave the cell empty"
        desk.problem(found.rows[0], "claim_number", found.claim, why, remedy)


def all_or_none(found: FileVisit) -> None:
    """Never half an invoice: the good lines of a claim stay out with the bad one, and say so."""
    bad = [row.line for row in found.rows if row.problems]
    if not bad or len(bad) == len(found.rows):
        return
    lines = f"line {bad[0]:,}" if len(bad) == 1 else f"lines {', '.join(f'{n:,}' for n in bad[:5])}"
    for row in found.rows:
        if not row.problems:
            row.as_problem("", "", f"stays out with {lines} of the same visit", f"correct {lines}")
