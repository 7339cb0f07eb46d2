"""The practices of an enterprise read back: ours are tied to theirs by name, the rest is adopted.

Source: contract 4, enterprise: they are created with it, or one seed practice is made. Imports records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerportal.audit import checkpoint
from partnerportal.delivery.models import Delivery
from partnerportal.records import apply, returning
from partnerportal.records.models import Enterprise, Mirror, Practice
from partnerportal.records.wire import canonical


def tie_practices(enterprise: Enterprise, rows: list[dict[str, Any]]) -> None:
    """In the current transaction, under the locks of the enterprise and its practices."""
    tied = set(
        Practice.objects.filter(remote_id__in=[r["id"] for r in rows]).values_list("remote_id", flat=True)
    )
    ours = list(enterprise.practices.filter(remote_id=None).order_by("pk"))
    for record in sorted((r for r in rows if r["id"] not in tied), key=lambda r: int(r["id"])):
        match = next((p for p in ours if _same(p, record)), None)
        if match is None:
            _adopt(enterprise, record)
        elif not _sent_alone(match):
            ours.remove(match)
            restored = checkpoint.restored_at()
            tie = returning.tie if restored and match.created_at < restored else _accepted
            tie(match, match.wire.create_payload(match), record)


def _accepted(practice: Mirror, sent: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    apply.accept(practice, sent, record, created=True)


def _same(practice: Practice, record: dict[str, Any]) -> bool:
    return str(canonical.text(practice.name)).casefold() == str(canonical.text(record.get("name"))).casefold()


def _sent_alone(practice: Practice) -> bool:
    """A create of its own is on its way: that delivery will tie it, not we."""
    return Delivery.objects.filter(noun="practice", record_id=practice.pk, state__in=Delivery.SENT).exists()


def _adopt(enterprise: Enterprise, record: dict[str, Any]) -> None:
    fields = {
        a.name: str(record.get(a.name) or "") for a in Practice.wire.attributes if a.name != "state"
    } | {"state": str(canonical.state(record.get("state")) or "")}
    practice = Practice(enterprise=enterprise, **fields)
    practice.save()
    apply.link(practice, record)
