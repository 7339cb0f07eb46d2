"""What judging a chunk's visits needs at hand: the reader, the names, what is here. Imports its siblings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from partnerportal.records.imports.money import readers
from partnerportal.records.imports.money.here import Here
from partnerportal.records.imports.money.lines import EACH, TOTAL
from partnerportal.records.imports.money.names import Names, Unplaced
from partnerportal.records.imports.rows import Row, RowReader

_UNKNOWN = {
    "doctor": ("is no doctor of this enterprise", "place the name once, on the import's page"),
    "practice": ("is no practice of this enterprise", "place the name once, on the import's page"),
    "method": ("is no way to pay known here", "place the word once, on the import's page"),
}
_BLANK = {
    "practice": ("names no practice, and the enterprise has several", "say it once, on the import's page"),
    "method": ("does not say how it was paid", "say it once, on the import's page"),
}


@dataclass
class Desk:
    """`kind`: the name of the import's kind."""

    kind: str
    reader: RowReader
    names: Names
    here: Here
    today: date

    def problem(self, row: Row, name: str, value: str, reason: str, remedy: str) -> None:
        """A problem of the cell that holds `name`."""
        self.reader.refuse(row, name, value, reason, remedy)

    def placed(self, row: Row, noun: str, find: Callable[[str], Any]) -> Any:
        """What the row's name means, or None and a problem: nobody has placed it yet."""
        text = str(row.values.get(noun) or "")
        try:
            return find(text)
        except Unplaced:
            self.problem(row, noun, text, *(_UNKNOWN[noun] if text else _BLANK[noun]))
            return None


def is_charge(row: Row) -> bool:
    """A charge; of a ledger's rows only those that say so."""
    said = row.values.get("row_type")
    return said in (None, readers.CHARGE) and (EACH in row.values or TOTAL in row.values)


def is_payment(row: Row) -> bool:
    """A row that says only what was paid."""
    said = row.values.get("row_type")
    paid = "paid_cents" in row.values or "insurance_paid_cents" in row.values
    return bool(said == readers.PAYMENT or (said is None and paid and not is_charge(row)))
