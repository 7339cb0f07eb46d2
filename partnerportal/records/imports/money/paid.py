"""What a row says was paid, in cents: beside its charge, or in a row of its own. Imports desk, names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from partnerportal.kernel.money import dollars
from partnerportal.records.imports.money import readers
from partnerportal.records.imports.money.desk import Desk, is_charge
from partnerportal.records.imports.money.lines import TOTAL
from partnerportal.records.imports.money.visit import FilePayment
from partnerportal.records.imports.rows import Row
from partnerportal.records.models import Payment

INSURANCE = Payment.Method.INSURANCE


def payments_of(desk: Desk, row: Row) -> Iterator[FilePayment]:
    """One, two (the patient's and insurance's), or none; problems are said on the row."""
    if row.problems:
        return
    cents = _cents(row)
    if cents is not None and _counts(desk, row, "paid_cents", cents):
        method = desk.placed(row, "method", desk.names.method)
        if method is not None and _explained(desk, row, cents, method):
            yield _payment(desk, row, cents, method, row.stamp)
    insurance = row.values.get("insurance_paid_cents")
    if insurance and _counts(desk, row, "insurance_paid_cents", insurance):
        yield _payment(desk, row, insurance, INSURANCE, f"{row.stamp}i")


def _cents(row: Row) -> Any:
    """A ledger writes its payments with a minus, and often in the one column for amounts."""
    cents = row.values.get("paid_cents")
    if row.values.get("row_type") == readers.PAYMENT:
        return abs(cents or row.values.get(TOTAL) or 0)
    return cents


def _counts(desk: Desk, row: Row, name: str, cents: int) -> bool:
    """Nothing paid beside a charge is no payment; less than nothing is a refund."""
    if cents < 0:
        desk.problem(
            row, name, dollars(cents), "is less than $0.00",
            "a refund or a void is recorded on the payment's page",
        )  # fmt: skip
    return cents > 0 or (cents == 0 and not is_charge(row))


def _explained(desk: Desk, row: Row, cents: int, method: str) -> bool:
    """$0.00 is said of insurance alone, with the reason and for a claim; a reason has to be known."""
    reason, insurance = row.values.get("reason"), method == INSURANCE
    if cents == 0 and not (insurance and reason and row.values.get("claim_number")):
        remedy = "leave it out; of insurance, say claim number and reason code"
        desk.problem(row, "paid_cents", "", "pays $0.00", remedy)
    elif insurance and reason and reason not in desk.here.reasons:
        desk.problem(
            row, "reason", str(reason), "is no payment reason of this enterprise",
            "add the code on the enterprise's page first",
        )  # fmt: skip
    return not row.problems


def _payment(desk: Desk, row: Row, cents: int, method: str, key: str) -> FilePayment:
    said, beside = row.values, is_charge(row)
    return FilePayment(
        row,
        cents,
        method,
        key,
        claim=str(said.get("claim_number") or ""),
        paid_on=said.get("paid_on") or (None if beside else said.get("date_of_service")),
        description="" if beside else str(said.get("description") or ""),
        reason=desk.here.reasons.get(str(said.get("reason") or "")) if method == INSURANCE else None,
    )
