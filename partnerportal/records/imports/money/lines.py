"""One row's charge: per unit, exactly, or the reason why not. Pure; whole cents."""

from __future__ import annotations

from typing import Any

from partnerportal.kernel.money import dollars
from partnerportal.records.billing import Charge
from partnerportal.records.imports.rows import Row, RowReader

EACH, TOTAL = "total_charge_amount_cents", "line_total_cents"
_LABELS = (
    (EACH, "a charge"), (TOTAL, "a charge"), ("insurance_owed_amount_cents", "what insurance owes"),
    ("tax_amount_cents", "a tax"),
)  # fmt: skip


def charge_of(row: Row, reader: RowReader) -> Charge | None:
    """None for a row with a problem, which is then said on the row."""
    said = row.values
    each = _each(row, reader)
    text = str(said.get("description") or said.get("service_code") or "")
    if not text:
        row.as_problem(
            reader.heading("description"), "", "has no description and no code", "say what it is for"
        )
    if each is None or _negative(row, reader) or not text:
        return None
    insurance = said.get("insurance_owed_amount_cents", 0)
    if insurance:
        # The file says what insurance still owes; what it paid beside that it owed as well.
        insurance += said.get("insurance_paid_cents", 0)
    charge = Charge(
        description=text,
        each=each,
        quantity=said.get("quantity", 1),
        covered=said.get("covered_amount_cents", 0),
        insurance_owed=insurance,
        tax=said.get("tax_amount_cents", 0),
        service_code=str(said.get("service_code") or ""),
        date_of_service=said.get("date_of_service"),
    )
    total = charge.each * charge.quantity + charge.tax
    if charge.covered + charge.insurance_owed > total:
        told = f"{dollars(charge.covered)} covered and {dollars(charge.insurance_owed)} of insurance"
        name = "covered_amount_cents" if charge.covered else "insurance_owed_amount_cents"
        row.as_problem(
            reader.heading(name),
            "",
            f"{told} are more than the {dollars(total)} charged",
            "correct one of them",
        )
    return charge


def _each(row: Row, reader: RowReader) -> int | None:
    """The charge per unit: said, or the line's total shared exactly. The charge is never multiplied twice."""
    each, total, units = row.values.get(EACH), row.values.get(TOTAL), row.values.get("quantity", 1)
    if row.problems:
        return None
    if each is None and total is None:
        row.as_problem(reader.heading(TOTAL), "", "no charge", "write what was charged, 0.00 for nothing")
        return None
    if total is None or each is not None:
        return _agreed(row, reader, each, total)
    if total % units:
        told = f"{dollars(total)} over {units:,} units is no whole cent each"
        row.as_problem(
            reader.heading(TOTAL), "", told, "write quantity 1, or add a column with the charge each"
        )
        return None
    return int(total // units)


def _agreed(row: Row, reader: RowReader, each: Any, total: Any) -> int:
    """The charge each that the file says; with its quantity it has to make the line's total."""
    units = row.values.get("quantity", 1)
    if total is not None and each * units != total:
        told = f"{units:,} × {dollars(each)} is {dollars(each * units)}, not {dollars(total)}"
        row.as_problem(reader.heading(TOTAL), "", told, "correct one of them")
    return int(each)


def _negative(row: Row, reader: RowReader) -> bool:
    for name, what in _LABELS:
        cents = row.values.get(name, 0)
        if cents < 0:
            row.as_problem(
                reader.heading(name), dollars(cents), f"is less than $0.00, and {what} can't be",
                "leave a reversal out, and correct the charge it takes back",
            )  # fmt: skip
            return True
    return False
