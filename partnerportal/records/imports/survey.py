"""The first pass over a file: how its dates are written, and which rows repeat each other. Pure.

Memory grows with the number of rows only by one key and one digest a row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from partnerportal.kernel.numbers import counted
from partnerportal.records.imports import dates
from partnerportal.records.imports.columns import Mapping
from partnerportal.records.imports.dates import Order
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.refusal import MAX_ROWS, Refusal
from partnerportal.records.imports.table import Line

_NAMED = 5  # lines that a refusal names on each side


@dataclass
class Survey:
    """`repeats`: {line: other lines with its key}. `again`: lines that only say what an earlier one says."""

    rows: int = 0
    orders: dict[str, Order] = field(default_factory=dict)
    year_first: bool = True
    repeats: dict[int, list[int]] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)

    @property
    def dates(self) -> str:
        """How the file's dates are read: "year-month-day"; "" where it has none."""
        if not self.orders:
            return ""
        return "year-month-day" if self.year_first else " and ".join(sorted(set(self.orders.values())))


def survey(kind: Kind, headings: list[str], mapping: Mapping, lines: Iterable[Line]) -> Survey:
    """Raises Refusal for a column of mixed date orders, for too many rows, and for none."""
    found = Survey()
    columns = {
        c.name: _DateColumn(headings[mapping[c.name]])
        for c in kind.columns
        if c.is_date and c.name in mapping
    }
    keys = _Keys(kind, mapping)
    for line, cells in lines:
        found.rows += 1
        if found.rows > MAX_ROWS:
            raise Refusal(f"This file has more than {counted(MAX_ROWS, 'row')}. Split it.")
        for name, column in columns.items():
            column.see(line, cells[mapping[name]] if mapping[name] < len(cells) else "")
        keys.see(line, cells)
    if not found.rows:
        raise Refusal("This file has headings and no rows.")
    found.orders = {name: column.order() for name, column in columns.items()}
    found.year_first = all(column.year_first for column in columns.values())
    found.repeats, found.again = keys.repeats(), keys.again
    return found


class _DateColumn:
    """Collects what the cells of one column prove about their order."""

    def __init__(self, heading: str) -> None:
        self.heading = heading
        self.year_first = True
        self._lines: dict[Order, list[int]] = {Order.MONTH_FIRST: [], Order.DAY_FIRST: []}

    def see(self, line: int, text: str) -> None:
        if text and not dates.is_year_first(text):
            self.year_first = False
            proof = dates.evidence(text)
            if proof is not None and len(self._lines[proof]) <= _NAMED:
                self._lines[proof].append(line)

    def order(self) -> Order:
        month, day = self._lines[Order.MONTH_FIRST], self._lines[Order.DAY_FIRST]
        if month and day:
            raise Refusal(
                f"{self.heading} mixes month first (line {_listed(month)}) and day first "
                f"(line {_listed(day)}), so 03/04/1987 could be either. Write all dates as 1987-03-04."
            )
        return Order.DAY_FIRST if day else Order.MONTH_FIRST


class _Keys:
    """Rows of one file that claim to be the same record: by the strongest key a row has."""

    def __init__(self, kind: Kind, mapping: Mapping) -> None:
        self._by_key = [mapping[name] for name in kind.keys if name in mapping][:1]
        self._by_name = [mapping[name] for name in kind.same if name in mapping]
        # The first of `same` is what no two rows share by chance: without it, equal names prove nothing.
        self._named = bool(kind.same) and kind.same[0] in mapping
        self._first: dict[bytes, tuple[int, bytes]] = {}
        self._lines: dict[bytes, list[int]] = {}
        self.again: set[int] = set()

    def see(self, line: int, cells: list[str]) -> None:
        key = self._key(cells)
        if key is None:
            return
        content = _digest("\x1f".join(cells))
        first = self._first.setdefault(key, (line, content))
        if first[0] == line:
            return
        if first[1] == content:
            self.again.add(line)
        else:
            self._lines.setdefault(key, [first[0]]).append(line)

    def repeats(self) -> dict[int, list[int]]:
        return {
            line: [other for other in lines if other != line]
            for lines in self._lines.values()
            for line in lines
        }

    def _key(self, cells: list[str]) -> bytes | None:
        keyed = self._joined(cells, self._by_key, lambda text: text)
        if keyed:
            return _digest("k" + keyed)
        named = self._joined(cells, self._by_name, str.casefold) if self._named else ""
        return _digest("n" + named) if named else None

    @staticmethod
    def _joined(cells: list[str], places: list[int], fold: Callable[[str], str]) -> str:
        """The key's cells, or "" where one of them is blank: half a key says nothing."""
        found = [cells[place] if place < len(cells) else "" for place in places]
        return fold("\x1f".join(found)) if found and all(found) else ""


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=12).digest()


def _listed(lines: list[int]) -> str:
    more = ", …" if len(lines) > _NAMED else ""
    return ", ".join(f"{line:,}" for line in lines[:_NAMED]) + more
