"""A record that this database sent before it was set back to an earlier state: tied again. Imports records.

The caller holds the row's lock. What stands there otherwise than we would have sent it was changed in the hours
that were lost, by whomever: it is taken in. What was changed here since is a conflict, as always.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerportal.kernel.clock import db_now
from partnerportal.records import apply, merging
from partnerportal.records.models import Mirror


def tie(row: Mirror, sent: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """As if `sent` had been answered word for word, and `record` read later. Raises apply.AlreadyLinked."""
    told = {attribute.name: sent.get(attribute.name) for attribute in row.wire.attributes}
    apply.accept(row, sent, {**record, **told, "updated_at": None}, created=True)
    merging.take(row, record, began=db_now())
