"""Cells of money: amounts, quantities, kinds of a ledger's rows. Pure; whole cents, never a float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from partnerportal.kernel.money import NotMoney, cents_of
from partnerportal.records.imports.cells import Cell
from partnerportal.records.imports.refusal import BadCell

EXAMPLE = "write it as 1234.50"
_TRAILING = re.compile(r"^(.*\d)\s*(-|−|CR)$", re.IGNORECASE)
_LONG = re.compile(r"^-?\d+\.\d{3,}$")  # what a spreadsheet makes of a sum: 30.299999999999997
MOST_UNITS = 100_000

CHARGE, PAYMENT, TRANSFER, ADJUSTMENT = "charge", "payment", "transfer", "adjustment"
_TYPES = {
    CHARGE: {"charge", "charges", "chg", "c", "service", "procedure", "line"},
    PAYMENT: {"payment", "payments", "pmt", "pay", "p", "receipt", "copay"},
    TRANSFER: {"transfer", "transferin", "transferout", "xfer"},
    ADJUSTMENT: {"adjustment", "adj", "a", "writeoff", "writedown"},
}


def amount(text: str) -> Cell:
    """Whole cents of `$1,234.50`, `(20.00)`, `1234.5`, `20.00-`; what is finer than a cent is refused."""
    trailing = _TRAILING.match(text)
    try:
        return Cell(cents_of(f"-{trailing[1]}") if trailing else cents_of(_rounded(text)))
    except NotMoney as error:
        raise BadCell("is no amount", EXAMPLE) from error


def reduction(text: str) -> Cell:
    """What lowers a charge: many systems write it with a minus, which says the same."""
    cents = amount(text).value
    return Cell(abs(cents), "minus" if cents < 0 else "")


def units(text: str) -> Cell:
    """A whole number: `2`, `2.0`."""
    whole = re.fullmatch(r"(\d{1,9})(?:\.0*)?", text.replace(",", ""))
    if whole is None or not 1 <= int(whole[1]) <= MOST_UNITS:
        raise BadCell("is no quantity", "write a whole number, 1 or more")
    return Cell(int(whole[1]))


def row_type(text: str) -> Cell:
    """What a row of a ledger is, by the words that systems use."""
    word = re.sub(r"[^a-z]", "", text.lower())
    found = next((kind for kind, words in _TYPES.items() if word in words), None)
    if found is None:
        raise BadCell("is no kind of row known here", "write charge or payment")
    return Cell(found)


def _rounded(text: str) -> str:
    """A spreadsheet's long number as the cents it stands for, where it is one within a millionth."""
    if not _LONG.match(text):
        return text
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return text
    near = exact.quantize(Decimal("0.01"))
    return str(near) if abs(exact - near) <= Decimal("0.000001") else text
