"""Who is who: each row of a chunk is new, changed, unchanged, not valid, or maybe already here.

The same record by a key (chart number, id in the files, NPI …); by likeness (name and date of birth) only
once a person agrees, or where the row says nothing that the record does not say. Imports models and siblings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from partnerportal.records import locks
from partnerportal.records.imports import values
from partnerportal.records.imports.candidates import Alike, ByKey, Candidates, Chunk, Home
from partnerportal.records.imports.homes import Homes
from partnerportal.records.imports.places import Places
from partnerportal.records.imports.rows import Row
from partnerportal.records.imports.source import Source
from partnerportal.records.imports.values import Changes
from partnerportal.records.models import Enterprise, Joined, Mirror, MirrorQuerySet

NOT_VALID, MAYBE, NEW, CHANGED, UNCHANGED = "not_valid", "maybe", "new", "changed", "unchanged"
SAME, OTHER = "same", "other"
Decisions = dict[int, tuple[str, int | None]]  # line → what a person said, about which record


@dataclass
class Match:
    """`record`: the one it is, the one it may be (maybe), or a new one not saved. None where not valid."""

    row: Row
    word: str
    record: Any = None
    changes: Changes = field(default_factory=dict)


class Matcher:
    """Matches the chunks of one file. `ours`: records this import made: no look-alikes of its rows."""

    def __init__(
        self,
        source: Source,
        enterprise: Enterprise | None,
        among: MirrorQuerySet,
        *,
        decisions: Decisions | None = None,
        ours: Iterable[int] = (),
    ) -> None:
        self._kind, self._reader = source.kind, source.reader
        self._homes = Homes(source.kind, source.reader, enterprise, among)
        self._places = Places(source.reader)
        self._decisions, self.ours = decisions or {}, set(ours)
        self._taken: dict[int, int] = {}

    def match(self, rows: Sequence[Row], *, lock: bool = False) -> list[Match]:
        """One Match a row, in order. Existing records are locked for the transaction where `lock` is set."""
        chunk = [(row, self._home(row)) for row in rows]
        candidates = Candidates(self._kind, [pair for pair in chunk if not pair[0].problems])
        by_key, alike = self._found(chunk, candidates)
        if lock:  # all of them in one order, then read again
            found = {record.pk for record in by_key.values()}
            found |= {record.pk for records in alike.values() for record in records}
            locks.ids(self._kind.model.objects.filter(pk__in=found))
            by_key, alike = self._found(chunk, candidates)
        return [self._one(row, home, by_key, alike, candidates) for row, home in chunk]

    def _found(self, chunk: Chunk, candidates: Candidates) -> tuple[ByKey, Alike]:
        """The records that the rows name by a key; of the others those that look like them."""
        by_key = candidates.by_key()
        unkeyed = [row for row, home in chunk if not row.problems and not self._keyed(row, home, by_key)]
        return by_key, candidates.alike(unkeyed, self.ours)

    def _home(self, row: Row) -> Home:
        home = None if row.problems else self._homes.of(row)
        self._places.put(row, home)
        return home

    def _one(self, row: Row, home: Home, by_key: ByKey, alike: Alike, candidates: Candidates) -> Match:
        if row.problems:
            return Match(row, NOT_VALID)
        records = self._keyed(row, home, by_key)
        if len(records) > 1:
            names = " and ".join(record.short_id for record in records)
            row.as_problem("", "", f"names two records at once, {names}", "correct one of its ids")
            return Match(row, NOT_VALID)
        if records:
            return self._against(row, records[0])
        place = (home.pk if home else None, candidates.likeness(row))
        return self._unkeyed(row, home, alike.get(place, []))

    def _keyed(self, row: Row, home: Home, by_key: ByKey) -> list[Mirror]:
        """The records that the row's keys name: none, one, or (a contradiction) several."""
        pk = home.pk if home else None
        named = (by_key.get((pk, key, str(row.values.get(key)))) for key in self._kind.keys)
        return list({record.pk: record for record in named if record is not None}.values())

    def _unkeyed(self, row: Row, home: Home, alike: list[Mirror]) -> Match:
        word, chosen = self._decisions.get(row.line, ("", None))
        if word == SAME:
            agreed = next((record for record in alike if record.pk == chosen), None)
            if agreed is not None:
                return self._against(row, agreed)
        if alike and word != OTHER:
            told = [record for record in alike if not values.changes(self._kind, record, row.values)]
            return Match(row, UNCHANGED, told[0]) if len(told) == 1 else Match(row, MAYBE, alike[0])
        return self._new(row, home)

    def _new(self, row: Row, home: Home) -> Match:
        said = values.attributes(self._kind, row.values)
        record = self._kind.model(**said, **({"enterprise": home} if home else {}))
        self._judge(row, record, None)
        return Match(row, NOT_VALID) if row.problems else Match(row, NEW, record)

    def _against(self, row: Row, record: Mirror) -> Match:
        """Only what the file changes is judged: an old fault elsewhere in the record is not the row's.

        A record that was joined into another is left as it is: the file knows nothing of the joining.
        """
        if getattr(record, "removed", False) and Joined.objects.filter(surplus=record.pk).exists():
            return Match(row, UNCHANGED, record)
        first = self._taken.setdefault(record.pk, row.line)
        if first != row.line:
            row.as_problem("", "", f"is {record.short_id}, as line {first} is", "keep one of them")
            return Match(row, NOT_VALID)
        changes = values.changes(self._kind, record, row.values)
        if not changes:
            return Match(row, UNCHANGED, record)
        values.put(record, {name: now for name, (_, now) in changes.items()})
        self._judge(row, record, set(changes))
        return Match(row, NOT_VALID) if row.problems else Match(row, CHANGED, record, changes)

    def _judge(self, row: Row, record: Mirror, only: set[str] | None) -> None:
        for problem in record.problems():
            if only is None or problem.attribute in only:
                self._reader.add_rule(row, problem.attribute, problem.sentence)
