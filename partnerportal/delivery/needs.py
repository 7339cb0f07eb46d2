"""What of the outbox needs a person, grouped by cause. Reads rows, writes none. Imports asides and models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from partnerportal.accounts.models import ApiKey
from partnerportal.delivery.asides import in_force_ids
from partnerportal.delivery.models import Delivery

FAILED, UNDECIDED, ALIKE, NOT_VALID, BLOCKED, TWICE = (
    "failed", "undecided", "alike", "not_valid", "blocked", "twice",
)  # fmt: skip
# Each kind: which deliveries, and the column that tells its causes apart ("" for one cause).
KINDS: dict[str, tuple[Q, str]] = {
    FAILED: (Q(state="failed"), "cause_key"),
    UNDECIDED: (Q(state="unknown"), ""),
    ALIKE: (Q(state="blocked", reason="looks_alike"), ""),
    NOT_VALID: (Q(state="blocked", reason="not_valid"), ""),
    BLOCKED: (Q(state="blocked") & ~Q(reason__in=("looks_alike", "not_valid")), "reason"),
    TWICE: (Q(state="delivered"), "reason"),
}


@dataclass(frozen=True)
class Group:
    """Deliveries that one remedy mends. `cause` is a cause key or a reason, as its kind has it."""

    kind: str
    noun: str
    cause: str
    number: int
    enterprises: int
    oldest: datetime


@dataclass(frozen=True)
class KeyGroup:
    """Deliveries that wait because their key was refused or revoked."""

    key: ApiKey
    number: int
    enterprises: int
    since: datetime


def needing(user: Any) -> QuerySet[Delivery]:
    """What needs a person now, within their sight; what is set aside does not."""
    asks = Delivery.objects.visible_to(user).filter(needs_person_since__isnull=False)
    asks = asks.exclude(reason="conflict")  # its record is what asks, whether it is being sent or not
    return asks.exclude(pk__in=in_force_ids())


def groups(user: Any) -> list[Group]:
    """The largest first."""
    asks = needing(user)
    found = [group for kind in KINDS for group in _of_kind(asks, kind)]
    return sorted(found, key=lambda group: (-group.number, group.oldest))


def _of_kind(asks: QuerySet[Delivery], kind: str) -> list[Group]:
    which, column = KINDS[kind]
    columns = ["noun", *([column] if column else [])]
    rows = asks.filter(which).order_by().values(*columns)
    counted = rows.annotate(
        n=Count("pk"), places=Count("enterprise", distinct=True), oldest=Min("needs_person_since")
    )
    return [
        Group(kind, row["noun"], row.get(column, ""), row["n"], row["places"], row["oldest"])
        for row in counted
    ]


def of(user: Any, kind: str, noun: str, cause: str) -> QuerySet[Delivery]:
    """The deliveries of one group, oldest first; none where there is no such group."""
    if kind not in KINDS:
        return Delivery.objects.none()
    which, column = KINDS[kind]
    chosen = needing(user).filter(which, noun=noun).order_by("pk")
    return chosen.filter(**{column: cause}) if column else chosen


def keys(user: Any) -> list[KeyGroup]:
    """Keys that were refused or revoked while something waits on them."""
    stopped = Q(key__state=ApiKey.State.REFUSED) | Q(key__revoked_at__isnull=False)
    waiting = Delivery.objects.visible_to(user).filter(stopped, state__in=Delivery.OPEN).order_by()
    rows = waiting.values("key").annotate(
        n=Count("pk"), places=Count("enterprise", distinct=True), oldest=Min("created_at")
    )
    found = {row["key"]: row for row in rows}
    known = ApiKey.objects.select_related("owner").in_bulk(list(found))
    made = [_key_group(known[pk], row) for pk, row in found.items()]
    return sorted(made, key=lambda group: -group.number)


def _key_group(key: ApiKey, row: Any) -> KeyGroup:
    since = key.revoked_at or key.refused_at or row["oldest"]
    return KeyGroup(key, row["n"], row["places"], since)
