"""How rows become records: one way for people and places, one for money. Checking and applying drive it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from partnerportal.records.imports import matching, scope, writing
from partnerportal.records.imports.kept import decisions as decisions_of
from partnerportal.records.imports.matching import Decisions, Match, Matcher
from partnerportal.records.imports.money.work import MoneyWork
from partnerportal.records.imports.rows import Row
from partnerportal.records.imports.source import Source
from partnerportal.records.imports.writing import Written
from partnerportal.records.models import Import, ImportedRecord


class Work(Protocol):
    """A chunk is what goes in together; its last row has the highest line."""

    def chunks(self, after: int = 0) -> Iterator[list[Row]]: ...

    def match(self, rows: Sequence[Row], *, lock: bool = False) -> list[Match]:
        """One Match a row, in order."""

    def write(self, matches: Sequence[Match]) -> list[Written]:
        """Into the database, in the caller's transaction."""

    def told(self) -> dict[str, Any]:
        """Facts of the whole file, once all of it is matched; free of PHI."""

    def layout(self) -> dict[str, Any]:
        """What may name people, kept encrypted."""


class RecordWork:
    """Each row is a record."""

    def __init__(
        self, file_import: Import, source: Source, decisions: Decisions, ours: Iterable[int]
    ) -> None:
        self._source = source
        among = scope.enterprises(file_import)
        self._matcher = Matcher(source, file_import.enterprise, among, decisions=decisions, ours=ours)

    def chunks(self, after: int = 0) -> Iterator[list[Row]]:
        return self._source.chunks(after)

    def match(self, rows: Sequence[Row], *, lock: bool = False) -> list[Match]:
        return self._matcher.match(rows, lock=lock)

    def write(self, matches: Sequence[Match]) -> list[Written]:
        created = writing.create([m.record for m in matches if m.word == matching.NEW])
        changed = writing.update([m for m in matches if m.word == matching.CHANGED])
        self._matcher.ours.update(made.record.pk for made in created)
        return [*created, *changed, *writing.practices(matches)]

    def told(self) -> dict[str, Any]:
        return {}

    def layout(self) -> dict[str, Any]:
        return {}


def work_of(file_import: Import, source: Source) -> Work:
    """The work of an import, with what a person decided about it."""
    if source.kind.is_money:
        return MoneyWork(file_import, source)
    ours = ImportedRecord.objects.filter(file_import=file_import, noun=source.kind.noun, created=True)
    return RecordWork(
        file_import, source, decisions_of(file_import), ours.values_list("record_id", flat=True)
    )
