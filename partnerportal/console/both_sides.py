"""What ours, acknowledged and theirs say of a record's attributes, in words. Imports shown and the models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from partnerportal.console import shown
from partnerportal.console.cells import person
from partnerportal.records.models import RECORDS
from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute
from partnerportal.records.wire.canonical import Canonical

_PARENT = "_remote_id"


@dataclass(frozen=True)
class Difference:
    """One attribute that is not the same everywhere. `side`: "here", "there" or "both"."""

    label: str
    ours: str
    acknowledged: str
    there: str
    side: str


def differences(record: Any, user: Any) -> list[Difference]:
    """Attributes of a record that was sent, where ours, acknowledged and theirs are not one."""
    if record.remote_id is None or record.is_deleted:
        return []
    here, there = set(record.wire.dirty(record)), set(record.wire.changed_there(record))
    names = [a for a in record.wire.attributes if a.name in here | there]
    return [Difference(a.label, *three(record, a, user), _side(a.name, here, there)) for a in names]


def _side(name: str, here: set[str], there: set[str]) -> str:
    return "both" if name in here & there else "here" if name in here else "there"


def three(record: Any, attribute: Attribute, user: Any) -> tuple[str, str, str]:
    """Ours, acknowledged, theirs; a patient's masked for those who may not see them."""
    known = (record.acknowledged or {}).get(attribute.name, {}).get("answered")
    reveal = record.noun != "patient" or user.has_perm(shown.REVEAL)
    ours, before, theirs = (
        said(record.enterprise_pk, attribute, attribute.form(value), reveal)
        for value in (attribute.ours(record), known, (record.remote or {}).get(attribute.name))
    )
    return ours, before, theirs


def said(enterprise: int, attribute: Attribute, value: Canonical, reveal: bool = True) -> str:
    """One value: a related record of the enterprise by our short id and its name, days and money in words."""
    if names_another(attribute) and isinstance(value, int):
        return _another(enterprise, attribute.field.removesuffix(_PARENT), value)
    return shown.text(attribute.name, _day(value) if attribute.form is canonical.day else value, reveal)


def names_another(attribute: Attribute) -> bool:
    """Whether its value is the id of a related record there."""
    return attribute.field.endswith(_PARENT)


def _another(enterprise: int, noun: str, remote_id: int) -> str:
    of = "pk" if noun == "enterprise" else "enterprise_id"
    row: Any = RECORDS[noun].objects.light().filter(**{of: enterprise}, remote_id=remote_id).first()
    if row is None:
        return f"IH {remote_id}, not here"
    name = person(row) if noun == "doctor" else getattr(row, "name", "") if noun != "patient" else ""
    return f"{row.short_id} · {name}" if name else str(row.short_id)


def _day(value: Canonical) -> Any:
    """A day for the birth date's own words, in the console's format for others; no date stays as it is."""
    try:
        return date.fromisoformat(str(value)) if value else value
    except ValueError:
        return value
