"""The practice that a patient's row names, found as a charge's is: by name, id, or as placed by a person.

What no row names is left alone. Imports models, the names of files of money, and rows.
"""

from __future__ import annotations

from partnerportal.records.imports.money.names import Names, Unplaced
from partnerportal.records.imports.rows import Row, RowReader
from partnerportal.records.models import Enterprise

PRACTICE = "practice"
_LISTED = 6  # practices that a problem names


class Places:
    """The practices of the enterprises that a file's rows belong to, each read once."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._names: dict[int, Names] = {}

    def put(self, row: Row, home: Enterprise | None) -> None:
        """The name in the row becomes the Practice; where it means none or several, a problem of the row."""
        said = row.values.get(PRACTICE)
        if not said or home is None:
            return
        names = self._names.setdefault(home.pk, Names(home))
        try:
            row.values[PRACTICE] = names.practice_named(str(said))
        except Unplaced:
            del row.values[PRACTICE]
            self._reader.refuse(row, PRACTICE, str(said), *_wrong(names, str(said)))


def _wrong(names: Names, said: str) -> tuple[str, str]:
    """Reason and remedy."""
    if not names.has_practices:
        return "is no practice here", "the enterprise has none yet: add it on the enterprise's page"
    alike = names.practices_like(said)
    if len(alike) > 1:
        return "is the name of several practices", f"write the id of one: {_listed(alike)}"
    return "is no practice of this enterprise", f"write one of: {_listed(names.practices())}"


def _listed(practices: list[str]) -> str:
    more = len(practices) - _LISTED
    return ", ".join(practices[:_LISTED]) + (f" and {more} more" if more > 0 else "")
