"""What the money's nouns demand before they may be sent, in the user's words. Pure: rows are duck-typed.

The sums that need other rows (more applied than is left) are asked where it is entered: records/ledger.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from partnerportal.records.problems import Problem

METHODS = ("cash", "check", "external_card", "insurance")
MOST_CENTS = 10**11


def _amount(row: Any, name: str, label: str, *, least: int = 1) -> Iterator[Problem]:
    cents = getattr(row, name)
    if cents is None or cents < least:
        wanted = "more than $0.00" if least else "$0.00 or more"
        yield Problem(name, f"{label} has to be {wanted}.")
    elif cents > MOST_CENTS:
        yield Problem(name, f"{label} is more than any bill.")


def _past(row: Any, name: str, label: str) -> Iterator[Problem]:
    day = getattr(row, name)
    if day is not None and not date(1990, 1, 1) <= day <= date.today().replace(year=date.today().year + 1):
        yield Problem(name, f"{day:%m/%d/%Y} can't be the {label}.")


def _invoice(row: Any) -> Iterator[Problem]:
    yield from _past(row, "date_of_service", "date of service")


def _line_item(row: Any) -> Iterator[Problem]:
    if not (row.description or "").strip():
        yield Problem("description", "Description is missing.")
    if row.quantity is None or row.quantity < 1:
        yield Problem("quantity", "Quantity has to be 1 or more.")
    yield from _amount(row, "total_charge_amount_cents", "Charge each", least=0)
    yield from _amount(row, "covered_amount_cents", "Covered", least=0)
    yield from _amount(row, "insurance_owed_amount_cents", "Insurance still owes", least=0)
    yield from _amount(row, "tax_amount_cents", "Tax", least=0)


def _payment(row: Any) -> Iterator[Problem]:
    yield from _amount(row, "amount_cents", "Amount", least=0 if row.method == "insurance" else 1)
    if row.method not in METHODS:
        yield Problem(
            "payment_method_type",
            "A payment recorded here is cash, check, a card taken elsewhere or insurance.",
        )


def _invoice_payment(row: Any) -> Iterator[Problem]:
    yield from _amount(row, "amount_cents", "Applied", least=0)


def _adjustment(row: Any) -> Iterator[Problem]:
    yield from _amount(row, "amount_cents", "Amount")


def _write_off(row: Any) -> Iterator[Problem]:
    yield from _amount(row, "amount_cents", "Amount")
    yield from _past(row, "date", "date of a write-off")


def _code(row: Any) -> Iterator[Problem]:
    if not (row.code or "").strip():
        yield Problem("code", "Code is missing.")


def _account_type(row: Any) -> Iterator[Problem]:
    if not (row.name or "").strip():
        yield Problem("name", "Name is missing.")


MONEY_RULES: dict[str, Callable[[Any], Iterator[Problem]]] = {
    "invoice": _invoice,
    "line_item": _line_item,
    "payment": _payment,
    "invoice_payment": _invoice_payment,
    "payment_adjustment": _adjustment,
    "write_off": _write_off,
    "payment_reason": _code,
    "write_off_code": _code,
    "account_type": _account_type,
}
