"""Rows of a file gathered into visits: by claim number, or by patient, day, doctor and practice. Pure.

Two readings: the first notes each visit's last line, the second gives a visit once that line is read, so that
only visits whose lines are scattered over the file wait in memory, as bare text.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from partnerportal.kernel import keyring
from partnerportal.records.imports import dates
from partnerportal.records.imports.dates import Order
from partnerportal.records.imports.money import readers
from partnerportal.records.imports.refusal import BadCell
from partnerportal.records.imports.rows import Row
from partnerportal.records.imports.source import Source
from partnerportal.records.imports.table import Line

_SPLIT = "\x1f"
_TOLD = (
    "claim_number", "chart_no", "source", "paid_cents", "paid_on", "method", "insurance_paid_cents",
    "description", "date_of_service", "service_code",
)  # fmt: skip


class Visits:
    """One file's visits, in the order of their last lines. `left_out`: {why: rows that move no money}."""

    def __init__(self, source: Source) -> None:
        self._source, self._mapping = source, source.mapping
        self._by_visit = source.kind.name == "charges"
        self._seen: Counter[bytes] = Counter()
        self._stamps: dict[str, int] = {}
        self.left_out: Counter[str] = Counter()
        self._last = self._last_lines()

    def __iter__(self) -> Iterator[list[Row]]:
        waiting: dict[bytes, list[str]] = {}
        self._seen.clear()
        self._stamps.clear()
        for line, cells in self._lines():
            key = self._key(line, cells)
            held = waiting.setdefault(key, [])
            held.append(_SPLIT.join((str(line), *cells)))
            if self._last.get(key, line) == line:
                yield self._rows(key, waiting.pop(key))

    def _lines(self) -> Iterator[Line]:
        """Rows that move money: a transfer between payers changes nothing anyone owes us."""
        self.left_out.clear()
        for line, cells in self._source.table.rows():
            if self._is_transfer(cells):
                self.left_out["transfer"] += 1
            else:
                yield line, cells

    def _is_transfer(self, cells: list[str]) -> bool:
        text = self._cell(cells, "row_type")
        try:
            return bool(text) and readers.row_type(text).value == readers.TRANSFER
        except BadCell:
            return False

    def _last_lines(self) -> dict[bytes, int]:
        if not self._by_visit:
            return {}
        return {self._key(line, cells): line for line, cells in self._lines()}

    def _key(self, line: int, cells: list[str]) -> bytes:
        claim, chart = self._cell(cells, "claim_number"), self._cell(cells, "chart_no")
        day = self._cell(cells, "date_of_service")
        if not self._by_visit or not self._belongs(cells):
            return _digest("line", str(line))
        if claim:
            return _digest("claim", claim)
        if not (chart and day):
            return _digest("line", str(line))
        who = (self._cell(cells, name).casefold() for name in ("doctor", "practice"))
        return _digest("visit", chart, self._day(day), *who)

    def _belongs(self, cells: list[str]) -> bool:
        """A claim's rows, and charges; a payment without a claim number stands for itself."""
        charged = self._cell(cells, "line_total_cents") or self._cell(cells, "total_charge_amount_cents")
        return bool(self._cell(cells, "claim_number") or charged)

    def _day(self, text: str) -> str:
        order = self._source.survey.orders.get("date_of_service", Order.MONTH_FIRST)
        try:
            return dates.parse(text, order).isoformat()
        except BadCell:
            return text

    def _cell(self, cells: list[str], name: str) -> str:
        place = self._mapping.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    def _rows(self, key: bytes, held: list[str]) -> list[Row]:
        rows = []
        for text in held:
            line, *cells = text.split(_SPLIT)
            row = self._source.reader.read(int(line), cells)
            row.group = key.hex()
            self._stamp(row)
            rows.append(row)
        return rows

    def _stamp(self, row: Row) -> None:
        """What its payment is known by: the check's number and whom it was for; else all that it says, and
        the how-manieth it is. Keyed, because chart numbers and amounts could be guessed from a digest.
        """
        said = {name: str(row.values.get(name) or "") for name in _TOLD}
        whom = (said["claim_number"], said["chart_no"])
        if _charges(row):
            # What was paid of it stands beside it, and grows with the next file: the amount tells nothing.
            row.stamp = self._counted("row", *whom, said["date_of_service"], said["service_code"])
        elif not said["source"]:
            row.stamp = self._counted("said", *said.values())
        else:
            row.stamp = _fingerprint("source", said["source"], *whom)
            first = self._stamps.setdefault(row.stamp, row.line)
            if first != row.line:
                row.as_problem(
                    self._source.reader.heading("source"), said["source"],
                    f"stands also in line {first:,} for the same",
                    "keep one of them, or one row with the sum",
                )  # fmt: skip

    def _counted(self, *parts: str) -> str:
        digest = _digest(*parts)
        self._seen[digest] += 1
        return _fingerprint(*parts, str(self._seen[digest]))


def _charges(row: Row) -> bool:
    """A row with a charge, maybe with what was paid of it."""
    return "line_total_cents" in row.values or "total_charge_amount_cents" in row.values


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b(_SPLIT.join(parts).encode(), digest_size=12).digest()


def _fingerprint(*parts: str) -> str:
    return "file:" + keyring.fingerprint("payment", _SPLIT.join(parts))
