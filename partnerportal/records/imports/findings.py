"""What the check of a whole file found, added up over its chunks. Imports matching and the kinds.

Cells that can be left empty are told by column and reason: `offers` are those that keep rows out, `emptied`
those that a person left empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from partnerportal.records.imports import matching, worth
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.matching import Match

Cell = tuple[str, str]  # the column's name, and why its cell is refused


class Findings:
    """Counts of rows: by word, by what was repaired, by what is worth knowing, by cells to leave empty."""

    def __init__(self, kind: Kind, repeated: int) -> None:
        self._kind, self._today = kind, date.today()
        self.counts: Counter[str] = Counter()
        self._repaired: Counter[str] = Counter({"repeat": repeated})
        self._worth: Counter[str] = Counter()
        self._offers: Counter[Cell] = Counter()
        self._emptied: Counter[Cell] = Counter()

    def add(self, matches: Iterable[Match]) -> None:
        for match in matches:
            self.counts[match.word] += 1
            self._emptied.update(set(match.row.emptied))
            if match.word == matching.NOT_VALID:
                told = {(problem.name, problem.reason) for problem in match.row.problems}
                self._offers.update(cell for cell in told if self._kind.may_be_empty(cell[0]))
            else:
                self._repaired.update(set(match.row.repaired))
                self._worth.update(worth.notes(self._kind, match.row.values, self._today))

    def facts(self) -> dict[str, Any]:
        """Free of PHI."""
        return {
            "counts": dict(self.counts),
            "repaired": dict(+self._repaired),
            "worth": dict(self._worth),
        }

    def layout(self) -> dict[str, Any]:
        """Reasons may name what stands in a cell, so these are kept encrypted. Most rows first."""
        return {
            "offers": [[*cell, rows] for cell, rows in self._offers.most_common()],
            "emptied": [[*cell, rows] for cell, rows in self._emptied.most_common()],
        }
