"""CSV and TSV: which delimiter, and the lines. Imports csv, encodings and table.

The delimiter is the one under which most headings are known words, then the one that gives most columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from partnerportal.records.imports.encodings import LABELS, encoding_of
from partnerportal.records.imports.refusal import Refusal
from partnerportal.records.imports.table import HEADER_SEARCH, Line, clean

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE = 64 * 1024
_CELL = 100_000  # characters: a longer cell is a quote that was never closed

Score = Callable[[list[str]], int]


class Delimited:
    """A text file of lines and cells. `score` says how many of a row's cells are known headings."""

    def __init__(self, data: bytes, score: Score) -> None:
        self._data = data
        self._encoding = encoding_of(data)
        self._delimiter = self._guess(score)

    @property
    def words(self) -> str:
        kind = "TSV" if self._delimiter == "\t" else "CSV"
        return f"{kind}, {DELIMITERS[self._delimiter]}, {LABELS[self._encoding]}"

    def lines(self) -> Iterator[Line]:
        """Line numbers count a quoted line break as the editor does: a row's line is its first one."""
        text = io.TextIOWrapper(io.BytesIO(self._data), self._encoding, errors="replace", newline="")
        return self._read(text, self._delimiter)

    def _read(self, text: io.TextIOBase, delimiter: str) -> Iterator[Line]:
        csv.field_size_limit(_CELL)
        reader = csv.reader(text, delimiter=delimiter)
        line = 1
        try:
            for cells in reader:
                yield line, [clean(cell) for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            raise Refusal(
                f"Line {line} opens a quote that never closes. Close it, or export the file again."
            ) from error

    def _guess(self, score: Score) -> str:
        sample = self._data[:_SAMPLE]
        if self._encoding.startswith("utf-16"):
            sample = sample[: len(sample) // 2 * 2]
        text = sample.decode(self._encoding, errors="replace")
        return max(DELIMITERS, key=lambda delimiter: self._merit(text, delimiter, score))

    def _merit(self, text: str, delimiter: str, score: Score) -> tuple[int, int]:
        known = columns = filled = 0
        try:
            for _, cells in self._read(io.StringIO(text, newline=""), delimiter):
                if any(cells):
                    known, columns = max(known, score(cells)), max(columns, len(cells))
                    filled += 1
                if filled == HEADER_SEARCH:
                    break
        except Refusal:  # the sample may end inside a quoted cell
            pass
        return known, columns
