"""What a look-up saw and what it proves: the verdict and its candidates. Reads rows, writes Lookup rows.

Source: law 3; contract 8. A look-up counts only when its answer proves that it looked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from partnerportal.audit import checkpoint
from partnerportal.delivery.models import Attempt, Delivery, Lookup
from partnerportal.delivery.walks import Walked
from partnerportal.records import matching
from partnerportal.records.models import RECORDS, Mirror

ENTERED_AGAIN = timedelta(days=1)  # after a restore, in which people and files bring once more what was lost


@dataclass(frozen=True)
class Finding:
    """none · one · several · similar · unproven. `record`: the one, where it is one."""

    verdict: str
    reason: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    candidates: list[dict[str, Any]] = field(default_factory=list)


def find(delivery: Delivery, row: Mirror, payloads: list[dict[str, Any]], seen: Walked) -> Finding:
    """Which rows seen can be our create: above the floor, tied to no other row, same content or reference."""
    tied = set(
        RECORDS[row.noun].objects.filter(remote_id__in=[r["id"] for r in seen.rows])
        .exclude(pk=row.pk).values_list("remote_id", flat=True)
    )  # fmt: skip
    fresh = [r for r in seen.rows if r["id"] > (delivery.floor or 0) and r["id"] not in tied]
    judged = [(_judge(row, payloads, record), record["id"] in seen.told) for record in fresh]
    candidates = [{**c, "told": told} for c, told in judged if c is not None]
    sure = [c for c in candidates if c["ours"] or not c["differs"]]
    if len(sure) > 1 and seen.proven and _are_one_for_one(delivery, row, len(sure)):
        sure = [min(sure, key=lambda c: int(c["record"]["id"]))]
    if len(sure) > 1:
        return Finding("several", candidates=candidates)
    if not seen.proven and not (sure and sure[0]["ours"]):
        return Finding("unproven", seen.reason, candidates=candidates)
    if sure:
        return Finding("one", record=sure[0]["record"], candidates=candidates)
    return Finding("similar" if candidates else "none", candidates=candidates)


def _judge(row: Mirror, payloads: list[dict[str, Any]], record: dict[str, Any]) -> dict[str, Any] | None:
    """A candidate with what it holds differently, or None where it is somebody else."""
    reference = matching.carries_reference(record)
    if reference is not None and reference != str(row.reference):
        return None
    ours = reference is not None
    differs = min((row.wire.same_content(sent, record) for sent in payloads), key=len, default=[])
    names = {matching.name_key(row.noun, sent) for sent in payloads}
    if not ours and differs and matching.name_key(row.noun, record) not in names:
        return None
    return {"record": record, "differs": differs, "ours": ours}


def keep(delivery: Delivery, finding: Finding, exchanges: list[int]) -> Lookup:
    """Store the look-up whole."""
    return Lookup.objects.create(
        delivery=delivery,
        number=delivery.lookup_rows.count() + 1,
        verdict=finding.verdict,
        reason=finding.reason,
        exchanges=exchanges,
        candidates=finding.candidates,
    )


def sent_payloads(delivery: Delivery) -> list[dict[str, Any]]:
    """What each create of this delivery said that may have landed."""
    rows = Attempt.objects.filter(delivery=delivery, operation__endswith=".create").exclude(
        outcome__in=["not_processed", "rejected", "unauthorised"]
    )
    return [attempt.payload for attempt in rows]


def _are_one_for_one(delivery: Delivery, row: Mirror, number: int) -> bool:
    """Whether as many of ours, equal to this one and doubtful too, may be these: then any may be any."""
    restored, parents = checkpoint.restored_at(), getattr(row, "parent_fields", ())
    if restored is None or not parents or delivery.attempt_rows.latest("number").reason != Attempt.RESTORED:
        return False
    same = {name: getattr(row, name) for name in parents}
    equal = type(row).objects.filter(remote_id=None, created_at__lt=restored + ENTERED_AGAIN, **same)
    key = matching.row_name_key(row)
    return sum(matching.row_name_key(other) == key for other in equal) >= number
