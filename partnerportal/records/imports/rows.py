"""One line of a file → typed values, what was repaired, and what is wrong. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from partnerportal.records.imports import cells as readers
from partnerportal.records.imports import dates
from partnerportal.records.imports.columns import Mapping
from partnerportal.records.imports.dates import Order
from partnerportal.records.imports.kinds import Column, Kind, Values
from partnerportal.records.imports.refusal import BadCell, RowProblem

_FIX = "correct it in the file, or leave the cell empty"
SHOWN = 60  # characters of a cell that a problem quotes


@dataclass
class Row:
    """`values` holds what the row says: a blank cell says nothing, and erases nothing.

    Of money: `group` is the visit it belongs to, `stamp` what its payment is known by when it comes again.
    """

    line: int
    cells: list[str]
    values: Values = field(default_factory=dict)
    repaired: list[str] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    emptied: list[tuple[str, str]] = field(default_factory=list)  # cells left empty: column, why refused
    group: str = ""
    stamp: str = ""

    def as_problem(self, column: str, value: str, reason: str, remedy: str = _FIX) -> None:
        self.problems.append(RowProblem(column, value[:SHOWN], reason, remedy))


class RowReader:
    """Reads rows of one file. `orders`: how each date column is read. `emptied`: (column, reason) of refused
    cells that are left empty.
    """

    def __init__(
        self,
        kind: Kind,
        headings: list[str],
        mapping: Mapping,
        orders: dict[str, Order] | None = None,
        emptied: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self._emptied = emptied
        self._kind, self._headings, self._orders = kind, headings, orders or {}
        self._columns = [(kind.column(name), place) for name, place in mapping.items()]
        self._mapping = mapping

    def read(self, line: int, cells: list[str]) -> Row:
        row = Row(line, cells)
        surplus = [cell for cell in cells[len(self._headings) :] if cell]
        if surplus:
            row.as_problem(
                "", "", f"has {len(cells)} cells under {len(self._headings)} headings",
                "put quotes around a cell that holds the delimiter",
            )  # fmt: skip
            return row
        for column, place in self._columns:
            text = cells[place] if place < len(cells) else ""
            if text and (column.is_name or not readers.blank(text)):
                self._cell(row, column, text)
        row.repaired += self._kind.finish(row.values)
        return row

    def heading(self, name: str) -> str:
        """The file's own heading for one of our attributes; our label where it has none."""
        aliases = {"last_name": "full_name", "first_name": "full_name", "middle_name": "full_name"}
        for candidate in (name, aliases.get(name, name)):
            if candidate in self._mapping:
                return self._headings[self._mapping[candidate]]
        return next((c.label for c in self._kind.columns if c.name == name), name)

    def refuse(self, row: Row, name: str, value: str, reason: str, remedy: str = _FIX) -> bool:
        """A problem of the cell that holds `name`; True where the cell is left empty instead."""
        if (name, reason) in self._emptied:
            row.values.pop(name, None)
            row.emptied.append((name, reason))
            return True
        row.problems.append(RowProblem(self.heading(name), value[:SHOWN], reason, remedy, name))
        return False

    def add_rule(self, row: Row, attribute: str, sentence: str) -> bool:
        """A rule of our forms (records.rules) as a problem of the row: reason, then remedy.

        True where the cell is left empty instead.
        """
        reason, _, remedy = sentence.partition(". ")
        value = "" if attribute == "ssn" else str(row.values.get(attribute) or "")
        quote = re.match(r"^“.*?” ", reason)
        if quote:
            reason = reason[quote.end() :]
        elif reason.endswith(" is missing."):
            value, remedy = "", "every row needs one"
        shown, remedy = value if quote else "", remedy.removesuffix(".") or _FIX
        return self.refuse(row, attribute, shown, reason.removesuffix("."), remedy)

    def _cell(self, row: Row, column: Column, text: str) -> None:
        try:
            value, repaired = self._value(column, text)
        except BadCell as bad:
            self.refuse(row, column.name, "" if column.is_secret else text, bad.reason, bad.remedy)
            return
        if isinstance(value, str) and len(value) > column.limit:
            self.refuse(row, column.name, text, f"is longer than {column.limit} characters", "shorten it")
        elif value is not None:
            row.values[column.name] = value
            if repaired:
                row.repaired.append(repaired)

    def _value(self, column: Column, text: str) -> readers.Cell:
        if column.is_date:
            return readers.Cell(dates.parse(text, self._orders.get(column.name, Order.MONTH_FIRST)))
        return column.read(text)
