"""What makes a whole file, or one cell of it, unusable; said in the user's words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MAX_BYTES = 50 * MEGABYTE  # an upload is read in memory, never on a disk in the clear
MAX_UNPACKED = 400 * MEGABYTE  # an XLSX is a ZIP: this is what it may grow to
MAX_ROWS = 500_000
MAX_COLUMNS = 300


class Refusal(Exception):
    """The file can't be used at all; the text says what it is, and what works."""


class ColumnsMissing(Refusal):
    """It is a table without a column known to hold what every row needs; that can be said by hand."""


class BadCell(Exception):
    """One cell can't be read as what its column holds."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


@dataclass(frozen=True)
class RowProblem:
    """Why a row stays out. `column` is the file's own heading; `value` what stood there (never an SSN);
    `name` our column, "" where it is not one cell's problem.
    """

    column: str
    value: str
    reason: str
    remedy: str
    name: str = ""

    def sentence(self) -> str:
        """`BIRTHDATE · "1987-13-02" is no date · write 1987-02-13`."""
        quoted = f"“{self.value}” {self.reason}" if self.value else self.reason
        return " · ".join(part for part in (self.column, quoted, self.remedy) if part)

    def as_json(self) -> list[str]:
        return [self.column, self.value, self.reason, self.remedy, self.name]
