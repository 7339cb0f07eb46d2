"""An import's file, opened: table, mapping, survey and row reader together. Imports its siblings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from partnerportal.records.imports import columns, remembering
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.columns import Mapping
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.reading import open_table
from partnerportal.records.imports.refusal import RowProblem
from partnerportal.records.imports.rows import Row, RowReader
from partnerportal.records.imports.storage import load
from partnerportal.records.imports.survey import Survey, survey
from partnerportal.records.imports.table import Table
from partnerportal.records.models import Import

CHUNK = 1000


@dataclass
class Source:
    """A file ready to be read row by row. `secret`: places of cells that are never kept or given back."""

    kind: Kind
    table: Table
    mapping: Mapping
    survey: Survey
    reader: RowReader
    secret: list[int]

    def chunks(self, after: int = 0) -> Iterator[list[Row]]:
        """Rows beyond line `after`, a chunk at a time; a row that only repeats an earlier one is left out."""
        rows = (
            self._row(line, cells)
            for line, cells in self.table.rows()
            if line > after and line not in self.survey.again
        )
        while chunk := list(islice(rows, CHUNK)):
            yield chunk

    def _row(self, line: int, cells: list[str]) -> Row:
        row = self.reader.read(line, cells)
        others = self.survey.repeats.get(line)
        if others:
            key = next((name for name in self.kind.keys if name in self.mapping), self.kind.same[-1:] or "")
            told = f"stands also in line {', '.join(f'{other:,}' for other in others[:5])}"
            value = str(row.values.get(str(key)) or "")
            row.problems.append(RowProblem(self.reader.heading(str(key)), value, told, "keep one of them"))
        return row


def open_source(file_import: Import) -> Source:
    """Raises Refusal for a file, and FileGone for one whose time is over. Two readings of the file.

    While it is checked, columns remembered for the enterprise go into its layout; importing finds them there.
    """
    kind = KINDS[file_import.kind]
    table = open_table(load(file_import), partial(columns.score, kind))
    recognised = columns.recognise(kind, table.headings)
    if file_import.state == Import.State.CHECKING:
        recalled = remembering.recall(file_import.enterprise, kind, table.headings)
        file_import.layout = {**file_import.layout, "recalled": recalled}
    mapping = columns.said(file_import.layout) or dict(recognised)
    secret = sorted(
        {m[c.name] for m in (mapping, recognised) for c in kind.columns if c.is_secret and c.name in m}
    )
    if not (file_import.enterprise and file_import.enterprise.allow_ssn):
        mapping = {name: place for name, place in mapping.items() if not kind.column(name).is_secret}
    columns.require(kind, table.headings, mapping)
    found = survey(kind, table.headings, mapping, table.rows())
    emptied = frozenset((name, reason) for name, reason in file_import.layout.get("leave_empty", []))
    reader = RowReader(kind, table.headings, mapping, found.orders, emptied)
    return Source(kind, table, mapping, found, reader, secret)
