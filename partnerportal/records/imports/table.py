"""Table: what reading gives, whatever the file was. Pure.

A line is the number a person sees in an editor or a spreadsheet: 1 is the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Line = tuple[int, list[str]]
HEADER_SEARCH = 15  # titles and blank lines may stand above the header
_TOTALS = re.compile(
    r"^\W*(grand\s+totals?|sub-?totals?|totals?|sum|count|(number of )?(records?|rows?|patients?)\b.*\d"
    r"|end of (report|file|list)|page\s+\d+|printed|report (date|run))\b",
    re.IGNORECASE,
)
_FORMULA = re.compile(r'^="(.*)"$', re.DOTALL)
_SPACES = re.compile(r"[ \t\r\n\u00a0]+")


def clean(cell: str) -> str:
    """Trimmed, white space and line breaks folded, a spreadsheet's ="…" taken off."""
    text = _SPACES.sub(" ", cell.replace("\x00", "").replace("\ufeff", "")).strip()
    wrapped = _FORMULA.match(text)
    if wrapped:
        return wrapped[1].strip()
    # Our own downloads put an apostrophe before what a spreadsheet would run.
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


@dataclass
class Table:
    """`lines` starts a fresh reading each time; `header_line` is where the headings stand."""

    words: str  # "CSV, comma, UTF-8"
    headings: list[str]
    header_line: int
    lines: Callable[[], Iterator[Line]]
    skipped: dict[str, int] = field(default_factory=dict)  # of the last complete reading

    def rows(self) -> Iterator[Line]:
        """The data rows: blank lines, totals lines and repeated headers are left out and counted."""
        self.skipped = {}
        for line, cells in self.lines():
            if line <= self.header_line:
                continue
            why = self._no_data(cells)
            if why:
                self.skipped[why] = self.skipped.get(why, 0) + 1
            else:
                yield line, cells

    def _no_data(self, cells: list[str]) -> str:
        filled = [cell for cell in cells if cell]
        if not filled:
            return "blank"
        if len(filled) <= 3 and _TOTALS.match(filled[0]):
            return "totals"
        return "header" if cells[: len(self.headings)] == self.headings else ""
