"""Who is who: fingerprints of name and birth date, and what an adopted enterprise already has there.

Imports records and the kernel. Source: design, "The mirror": chart number, else name and birth date.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.db.models.functions import Now

from partnerportal.kernel import keyring
from partnerportal.records.models import RECORDS, Floor, Mirror, Sighting
from partnerportal.records.wire import canonical

ISSUER = "partner-portal"


def carries_reference(record: Mapping[str, Any]) -> str | None:
    """The reference of ours that a record there carries, or None where it carries none of this portal's."""
    for item in record.get("external_ids") or []:
        if isinstance(item, dict) and item.get("issuer") == ISSUER:
            return str(item.get("external_id"))
    return None


def name_key(noun: str, values: Mapping[str, Any]) -> str:
    """A keyed fingerprint of who or what it is: the name, for a person with the date of birth; "" without."""
    if noun in _TELLING:
        return _telling_key(noun, values)
    parts = [values.get("name")] if "name" in values else [values.get("last_name"), values.get("first_name")]
    words = [str(canonical.text(part) or "").casefold() for part in parts]
    if not any(words):
        return ""
    born = canonical.day(values.get("date_of_birth")) if noun == "patient" else ""
    return keyring.fingerprint(f"{noun} name", "\x00".join([*words, str(born or "")]))


# What tells one from another of the money's nouns below the same parent: they have no name.
_TELLING: dict[str, tuple[str, ...]] = {
    "payment_reason": ("code",),
    "write_off_code": ("code",),
    "account_type": ("name",),
    "invoice": ("patient_id", "date_of_service", "estimate"),
    "line_item": ("invoice_id", "total_charge_amount_cents", "quantity"),
    "payment": ("patient_id", "expected_amount_cents", "payment_method_type"),
    "invoice_payment": ("payment_id", "invoice_id", "paid_amount_cents"),
    "payment_adjustment": ("payment_id", "amount_cents"),
    "write_off": ("patient_id", "date", "amount_cents"),
    "endpoint": ("url",),
}


def _telling_key(noun: str, values: Mapping[str, Any]) -> str:
    """A keyed fingerprint of whose it is and how much, or of where it leads."""
    wire = RECORDS[noun].wire
    parts = [str(wire.attribute(name).form(values.get(name))) for name in _TELLING[noun]]
    return keyring.fingerprint(f"{noun} telling", "\x00".join(parts))


def row_name_key(row: Mirror) -> str:
    return name_key(row.noun, row.wire.values(row))


def sight(noun: str, records: Iterable[Mapping[str, Any]], enterprise_id: int | None) -> None:
    """Keep what a list showed, and the highest id of the noun."""
    rows = [
        Sighting(
            noun=noun,
            remote_id=record["id"],
            enterprise_id=enterprise_id,
            chart_number=str(record.get("health_record_id") or "")[:120],
            reference=reference_in(record),
            name_key=name_key(noun, record),
            record=dict(record),
        )
        for record in records
    ]
    Sighting.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["noun", "remote_id"],
        update_fields=["enterprise_id", "chart_number", "reference", "name_key", "record", "seen_at"],
    )
    raise_floor(noun, max((row.remote_id for row in rows), default=0))


def reference_in(record: Mapping[str, Any]) -> uuid.UUID | None:
    try:
        return uuid.UUID(carries_reference(record) or "")
    except ValueError:
        return None


def raise_floor(noun: str, highest: int) -> None:
    """Remember the highest id seen; it never falls."""
    floor, made = Floor.objects.get_or_create(noun=noun, defaults={"highest": highest})
    if not made:
        Floor.objects.filter(pk=floor.pk, highest__lt=highest).update(highest=highest)


def floor_of(noun: str) -> int | None:
    """The highest id of a noun seen before now, in a list or on a row; None where none was looked for."""
    seen = Floor.objects.filter(noun=noun).values_list("highest", flat=True).first()
    tied = RECORDS[noun].objects.aggregate(highest=Max("remote_id"))["highest"]
    return None if seen is None and tied is None else max(seen or 0, tied or 0)


def remember_floors() -> None:
    """Before anything is read into a restored database: above these ids lies what the lost hours made."""
    for noun in RECORDS:
        raise_floor(noun, floor_of(noun) or 0)
    Floor.objects.filter(restored=None).update(restored=F("highest"))


def floor_of_restore(noun: str) -> int:
    return Floor.objects.filter(noun=noun).values_list("restored", flat=True).first() or 0


def list_was_read(noun: str) -> None:
    """Its whole list was read to match, just now."""
    Floor.objects.filter(noun=noun).update(read_at=Now())


def is_list_read(noun: str, since: datetime | None) -> bool:
    """Whether the noun's list was read at all, and whole since that moment."""
    if floor_of(noun) is None:
        return False
    return since is None or Floor.objects.filter(noun=noun, read_at__gt=since).exists()


def with_reference(row: Mirror) -> Sighting | None:
    """The record there that carries this row's own reference, tied to none of ours."""
    found: Sighting | None = _untied(row).filter(reference=row.reference).first()
    return found


def same_chart(row: Mirror) -> Sighting | None:
    """The one record there with this chart number, tied to none of ours."""
    found = with_chart(row)
    return found[0] if len(found) == 1 else None


def with_chart(row: Mirror) -> list[Sighting]:
    """Records there with this chart number, tied to none of ours."""
    chart = getattr(row, "health_record_id", "")
    return list(_untied(row).filter(chart_number=chart)[:5]) if chart else []


def same_name(row: Mirror) -> list[Sighting]:
    """Records there with this name (and birth date), tied to none of ours."""
    key = row_name_key(row)
    return list(_untied(row).filter(name_key=key)[:5]) if key else []


def told_of(row: Mirror, names: Iterable[str], *, above: int) -> list[int]:
    """Ids there, above the floor and tied to none of ours, told of under one of these names."""
    known = [name for name in names if name]
    return list(
        _untied(row).filter(name_key__in=known, remote_id__gt=above).values_list("remote_id", flat=True)[:5]
    )


def _untied(row: Mirror) -> Any:
    scope = {} if row.noun == "enterprise" else {"enterprise_id": row.enterprise_pk}
    tied = RECORDS[row.noun].objects.filter(remote_id__isnull=False).values("remote_id")
    return Sighting.objects.filter(noun=row.noun, **scope).exclude(remote_id__in=tied).order_by("remote_id")
