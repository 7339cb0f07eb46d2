"""Which enterprise a row belongs to: the import's, or the one the row names. Imports finding and models."""

from __future__ import annotations

from partnerportal.records.finding import SeveralEnterprises, find_enterprise
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.rows import Row, RowReader
from partnerportal.records.models import Enterprise, MirrorQuerySet

NAMED_IN = "organization"


class Homes:
    """`among`: the enterprises that rows may name, those in the scope of whoever imports."""

    def __init__(
        self, kind: Kind, reader: RowReader, enterprise: Enterprise | None, among: MirrorQuerySet
    ) -> None:
        self._kind, self._reader, self._enterprise, self._among = kind, reader, enterprise, among
        self._named: dict[str, Enterprise | str] = {}

    def of(self, row: Row) -> Enterprise | None:
        """None for a row outside any enterprise, and (a problem of the row) where it names none known."""
        said = str(row.values.get(NAMED_IN) or "")
        if not self._kind.inside_enterprise:
            return None
        if not said:
            if self._enterprise is None:
                self._problem(row, "", "names no enterprise", "write its id or its exact name")
            return self._enterprise
        return self._by_name(row, said)

    def _by_name(self, row: Row, said: str) -> Enterprise | None:
        if said not in self._named:
            self._named[said] = self._look_up(said)
        found = self._named[said]
        if isinstance(found, str):
            self._problem(row, said, found, "import the enterprise first, or write its id or exact name")
            return None
        if self._enterprise is not None and found.pk != self._enterprise.pk:
            remedy = f"this file is for {self._enterprise.short_id}: import the row into its own enterprise"
            self._problem(row, said, f"is {found.short_id}", remedy)
        return found

    def _look_up(self, said: str) -> Enterprise | str:
        try:
            return find_enterprise(said, self._among)
        except SeveralEnterprises:
            return "is the name of several enterprises"
        except LookupError:
            return "is no enterprise here"

    def _problem(self, row: Row, value: str, reason: str, remedy: str) -> None:
        row.as_problem(self._reader.heading(NAMED_IN), value, reason, remedy)
