"""A record that this database sent before it was set back to an earlier state: tied again. Imports records.

The caller holds the row's lock. What stands there otherwise than we would have sent it was changed in the
hours that were lost, by whomever: it is taken in. What was changed here since is a conflict, as always.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from partnerportal.kernel.clock import db_now
from partnerportal.records import apply, matching, merging
from partnerportal.records.models import Mirror


def taken_in(row: Any, restored: datetime) -> Mirror | None:
    """The money taken in since a restore that was made there before it and is the same as this new row.

    It was entered here in the lost hours, and perhaps once more now.
    """
    if row.created_at < restored or row.noun not in ("invoice", "payment", "write_off"):
        return None
    others = type(row).objects.filter(
        patient=row.patient_id, created_at__gt=restored, remote_id__isnull=False
    )
    key = matching.row_name_key(row)
    for other in others.exclude(pk=row.pk).select_related("patient"):
        made = apply.instant((other.remote or {}).get("created_at"))
        if made is not None and made < restored and matching.row_name_key(other) == key:
            found: Mirror = other
            return found
    return None


def tie(row: Mirror, sent: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """As if `sent` had been answered word for word, and `record` read later. Raises apply.AlreadyLinked."""
    told = {attribute.name: sent.get(attribute.name) for attribute in row.wire.attributes}
    apply.accept(row, sent, {**record, **told, "updated_at": None}, created=True)
    merging.take(row, record, began=db_now())
