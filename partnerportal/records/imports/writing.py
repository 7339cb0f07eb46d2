"""Records written in bulk, and what is remembered of each for a push and for an undo. Imports the models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from partnerportal.records.imports.kinds import ADDRESS_WORDS
from partnerportal.records.imports.matching import Match
from partnerportal.records.imports.values import kept
from partnerportal.records.models import Import, ImportedRecord, Mirror, Practice

# What recompute() derives from the rest; written with every change.
_DERIVED = ["not_valid", "dirty", "conflicts", "sync_state", "version", "updated_at"]


@dataclass(frozen=True)
class Written:
    """`was`: {attribute: value before}, None for a record that was made."""

    record: Mirror
    was: dict[str, Any] | None


def create(records: Sequence[Mirror]) -> list[Written]:
    for record in records:
        record.recompute()
    if records:
        type(records[0]).objects.bulk_create(records, batch_size=500)
    return [Written(record, None) for record in records]


def update(matches: Sequence[Match]) -> list[Written]:
    """Only the columns that some row of the chunk changes are written."""
    fields = {name for match in matches for name in match.changes}
    save([match.record for match in matches], fields)
    return [
        Written(match.record, dict(kept(name, was) for name, (was, _) in match.changes.items()))
        for match in matches
    ]


def save(records: Sequence[Mirror], fields: Iterable[str]) -> None:
    """Recompute and write back records that are locked; each counts one version up."""
    for record in records:
        record.version += 1
        record.updated_at = timezone.now()
        record.recompute()
    if records:
        model = type(records[0])
        derived = [*_DERIVED, *(["ssn_fingerprint"] if "ssn" in fields else [])]
        model.objects.bulk_update(records, sorted({*fields, *derived}), batch_size=200)


def practices(matches: Sequence[Match]) -> list[Written]:
    """The first practice of an enterprise that has none, at the address its doctors come with."""
    addresses: dict[int, tuple[Any, dict[str, Any]]] = {}
    for match in matches:
        address = {name: match.row.values[name] for name in ADDRESS_WORDS if match.row.values.get(name)}
        if match.record is not None and match.record.noun == "doctor" and address.get("address_line_1"):
            addresses.setdefault(match.record.enterprise_pk, (match.record.enterprise, address))
    having = set(Practice.objects.filter(enterprise__in=addresses).values_list("enterprise", flat=True))
    return create(
        [
            Practice(enterprise=enterprise, name=enterprise.name, **address)
            for pk, (enterprise, address) in addresses.items()
            if pk not in having
        ]
    )


def remembered(file_import: Import, written: Iterable[Written]) -> list[ImportedRecord]:
    return [
        ImportedRecord(
            file_import=file_import,
            noun=made.record.noun,
            record_id=made.record.pk,
            created=made.was is None,
            version=made.record.version,
            was=made.was,
        )
        for made in written
    ]
