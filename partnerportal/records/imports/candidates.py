"""The records that a chunk's rows may be: by key, and by likeness; a query a key and chunk. Imports models.

Likeness is compared in Python, without case; SQL only narrows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Lower

from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.rows import Row
from partnerportal.records.models import Enterprise, Mirror, MirrorQuerySet

Home = Enterprise | None
ByKey = dict[tuple[int | None, str, str], Mirror]
Alike = dict[tuple[int | None, Any], list[Mirror]]
_AND = "\x1f"
Chunk = Sequence[tuple[Row, Home]]


class Said:
    """A row's values as attributes, as `Kind.likeness` reads them; what it does not say is None."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return self._values.get(name)


class Candidates:
    """Records of the enterprises that a chunk touches."""

    def __init__(self, kind: Kind, chunk: Chunk) -> None:
        self._kind, self._chunk = kind, chunk
        related = {"patient": ("enterprise", "practice"), "doctor": ("enterprise",)}.get(kind.noun, ())
        known: MirrorQuerySet = (
            kind.model.objects.select_related(*related) if related else kind.model.objects.all()
        )
        if kind.inside_enterprise:
            known = known.filter(enterprise__in={home.pk for _, home in chunk if home})
        self._known = known

    def by_key(self) -> ByKey:
        found: ByKey = {}
        for key in self._kind.keys:
            wanted = {row.values[key] for row, _ in self._chunk if row.values.get(key)}
            if wanted:
                for record in self._known.filter(**{f"{key}__in": wanted}):
                    found[(self.home_pk(record), key, getattr(record, key))] = record
        return found

    def alike(self, rows: Sequence[Row], without: set[int]) -> Alike:
        """Look-alikes of `rows`, by enterprise and likeness; none of the records `without`."""
        found: Alike = defaultdict(list)
        if rows:
            wanted = {self.likeness(row) for row in rows} - {None}
            for record in self._narrowed(rows):
                likeness = self._kind.likeness(record)
                if likeness in wanted and record.pk not in without:
                    found[(self.home_pk(record), likeness)].append(record)
        return found

    def likeness(self, row: Row) -> Any:
        return self._kind.likeness(Said(row.values))

    def home_pk(self, record: Any) -> int | None:
        return record.enterprise_id if self._kind.inside_enterprise else None

    def _narrowed(self, rows: Sequence[Row]) -> MirrorQuerySet:
        """By name, for patients by name and birth date together: names and dates apart would fit nearly
        everyone in a large practice. Answers stay encrypted where nobody reads them. Nobody looks like one
        that was joined into another.
        """
        if self._kind.noun != "patient":
            name = "name" if self._kind.noun == "enterprise" else "last_name"
            said = {str(row.values.get(name) or "").lower() for row in rows}
            named: MirrorQuerySet = self._known.light().annotate(lowered=Lower(name)).filter(lowered__in=said)
            return named
        born = {row.values.get("date_of_birth") for row in rows} - {None}
        said = {_joined(row) for row in rows}
        key = Concat(
            Lower("first_name"),
            Value(_AND),
            Lower("last_name"),
            Value(_AND),
            Cast("date_of_birth", CharField()),
        )
        dated: MirrorQuerySet = self._known.light().filter(date_of_birth__in=born, joined=None)
        alike: MirrorQuerySet = dated.annotate(name_and_birth=key).filter(name_and_birth__in=said)
        return alike


def _joined(row: Row) -> str:
    """Name and birth date as the query joins them."""
    names = (str(row.values.get(name) or "").lower() for name in ("first_name", "last_name"))
    return _AND.join((*names, str(row.values.get("date_of_birth"))))
