"""Whether an edit was lost, on either side, as rows, attempts and the audit tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import unseal
from partnerportal.delivery.models import Attempt
from partnerportal.records.models import Patient

Field = tuple[int, str]  # our patient's key, name of the attribute


@dataclass
class Typed:
    """The last value that somebody typed into each field, here and there."""

    here: dict[Field, str] = field(default_factory=dict)
    there: dict[Field, str] = field(default_factory=dict)

    def check(self, records: list[dict[str, Any]]) -> None:
        """`records`: the patients as they stand there now."""
        rows = {row.pk: row for row in Patient.objects.all()}
        there = {record["id"]: record for record in records}
        self._of_here(rows)
        self._of_there({pk: there[row.remote_id] for pk, row in rows.items() if row.remote_id in there})

    def _of_here(self, rows: dict[int, Patient]) -> None:
        """Each still stands, was sent, or a person chose the other one."""
        given = _sent()
        for key, values in _given_up().items():
            given.setdefault(key, set()).update(values)
        for (pk, name), value in self.here.items():
            assert getattr(rows[pk], name) == value or value in given.get((pk, name), set()), (pk, name)

    def _of_there(self, records: dict[int, dict[str, Any]]) -> None:
        """Each still stands there, or it was taken in here, or shown to a person, before ours."""
        known = _theirs_known()
        for (pk, name), value in self.there.items():
            assert records[pk][name] == value or value in known.get((pk, name), set()), (pk, name)


def _sent() -> dict[Field, set[Any]]:
    sent: dict[Field, set[Any]] = {}
    for attempt in Attempt.objects.select_related("delivery"):
        for name, value in attempt.payload.items():
            if isinstance(value, str):
                sent.setdefault((attempt.delivery.record_id, name), set()).add(value)
    return sent


def _given_up() -> dict[Field, set[Any]]:
    """What of ours a person gave up, from the audit alone."""
    found: dict[Field, set[Any]] = {}
    for patient, decided in _details("patient_conflict_decided", "decided"):
        for name, told in decided.items():
            if told["kept"] == "theirs":
                found.setdefault((patient, name), set()).add(told["ours"])
    return found


def _theirs_known() -> dict[Field, set[Any]]:
    """What of theirs was taken into ours, or decided about, from the audit alone."""
    found: dict[Field, set[Any]] = {}
    for patient, decided in _details("patient_conflict_decided", "decided"):
        for name, told in decided.items():
            found.setdefault((patient, name), set()).add(told["theirs"])
    for patient, taken in _details("patient_merged", "taken"):
        for name, told in taken.items():
            found.setdefault((patient, name), set()).add(told["now"])
    return found


def _details(action: str, part: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for entry in Entry.objects.filter(action=action):
        yield entry.patient or 0, unseal(entry)[part]
