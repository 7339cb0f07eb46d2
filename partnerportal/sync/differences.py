"""Where mirror and Inbox Health differ, within a person's sight. Only reads rows. Imports records.

Conflicts, duplicates, fields that differ, missing there, only there, not read: what is not read never counts
as fine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q

from partnerportal.delivery.models import Delivery
from partnerportal.records.models import RECORDS, Difference, Enterprise, Sighting, Surplus
from partnerportal.records.state import SyncState
from partnerportal.sync import duplicates, lists
from partnerportal.sync.models import PullPart

CONFLICTS, FIELDS, MISSING, ONLY_THERE, NOT_READ = "conflicts", "fields", "missing", "only-there", "not-read"
DUPLICATES = "duplicates"
TABS = (CONFLICTS, DUPLICATES, FIELDS, MISSING, ONLY_THERE, NOT_READ)
# A refund has no list, yet an event may tell of a second one.
_NOUNS = {ONLY_THERE: lists.BROUGHT_IN, DUPLICATES: (*lists.NOUNS, "payment_adjustment")}


def rows(user: Any, tab: str, noun: str, enterprise: int | None = None) -> Any:
    """Our records of one noun that a tab lists; what was seen there for "only there" and "duplicates"."""
    if tab == ONLY_THERE:
        return _seen(user, noun, enterprise)
    if tab == DUPLICATES:
        return _second(user, noun, enterprise)
    found: Any = RECORDS[noun].objects.visible_to(user)
    if enterprise is not None:
        found = (
            found.filter(pk=enterprise) if noun == "enterprise" else found.filter(enterprise_id=enterprise)
        )
    return found.filter(_condition(tab, noun))


def _condition(tab: str, noun: str) -> Q:
    if tab == CONFLICTS:
        return Q(sync_state=SyncState.CONFLICT)
    if tab == MISSING:
        removed = Delivery.objects.filter(
            noun=noun, kind=Delivery.Kind.REMOVE, state=Delivery.State.DELIVERED
        ).values("record_id")
        return Q(sync_state=SyncState.MISSING_THERE) & ~Q(pk__in=removed)
    refused = Difference.objects.filter(noun=noun).values("record_id")
    return Q(sync_state=SyncState.CHANGED_HERE) | Q(pk__in=refused)


def _second(user: Any, noun: str, enterprise: int | None) -> Any:
    found = duplicates.open_ones(noun).filter(pk__in=Surplus.objects.visible_to(user).values("pk"))
    return found if enterprise is None else found.filter(enterprise_id=enterprise)


def _seen(user: Any, noun: str, enterprise: int | None) -> Any:
    tied = RECORDS[noun].objects.filter(remote_id__isnull=False).values("remote_id")
    found = Sighting.objects.filter(noun=noun).exclude(remote_id__in=tied)
    found = found.exclude(remote_id__in=duplicates.set_aside(noun))
    if noun == "enterprise":
        return found if user.is_active and user.all_enterprises and enterprise is None else found.none()
    seen = Enterprise.objects.visible_to(user)
    seen = seen.filter(pk=enterprise) if enterprise is not None else seen
    return found.filter(enterprise_id__in=seen.values("pk"))


def all_seen(user: Any, enterprise: int | None = None) -> Any:
    """What is only there, of every noun that a person says whose it is."""
    found = Q(pk__in=[])
    for noun in lists.seen_by(user, lists.BROUGHT_IN):
        found |= Q(pk__in=_seen(user, noun, enterprise).values("pk"))
    return Sighting.objects.filter(found)


def list_read(noun: str) -> datetime | None:
    """When a list of the whole key was last read whole; None where it never was."""
    part = PullPart.objects.filter(noun=noun, enterprise=None).first()
    return part.round_ended_at if part else None


def not_read(user: Any, enterprise: int | None = None) -> Any:
    """Lists of which not everything could be read the last time, or that were never read whole."""
    parts = PullPart.objects.filter(Q(state=PullPart.State.NOT_READ) | Q(round_ended_at=None))
    parts = parts.filter(Q(enterprise=None) | Q(enterprise__remote_id__isnull=False))
    if enterprise is not None:
        parts = parts.filter(enterprise_id=enterprise)
    if not user.all_enterprises:
        parts = parts.filter(enterprise_id__in=user.scope.values("enterprise_id"))
    return parts.select_related("enterprise").order_by(F("enterprise").asc(nulls_first=True), "place")


def last_read(user: Any, enterprise: int | None = None) -> datetime | None:
    """When the list that was read longest ago was last read whole; None where one never was."""
    parts, everybodys = PullPart.objects.all(), Q(noun__in=(*lists.KEY_WIDE, lists.BY_INVOICE))
    if enterprise is not None:
        parts = parts.filter(Q(enterprise_id=enterprise) | everybodys)
    if not user.all_enterprises:
        parts = parts.filter(Q(enterprise_id__in=user.scope.values("enterprise_id")) | everybodys)
    times = list(parts.values_list("round_ended_at", flat=True))
    return min((at for at in times if at), default=None) if times and all(times) else None


def counts(user: Any, enterprise: int | None = None) -> dict[str, dict[str, int]]:
    """{tab: {noun: number}}, nouns without any left out; "not read" counts lists."""
    found: dict[str, dict[str, int]] = {}
    for tab in TABS[:-1]:
        nouns = lists.seen_by(user, _NOUNS.get(tab, lists.NOUNS))
        numbers = {noun: rows(user, tab, noun, enterprise).count() for noun in nouns}
        found[tab] = {noun: number for noun, number in numbers.items() if number}
    number = not_read(user, enterprise).count()
    found[NOT_READ] = {"list": number} if number else {}
    return found


def asking(user: Any) -> int:
    """How many need a person: conflicts, duplicates, what is missing, and lists that could not be read."""
    failed = not_read(user).filter(state=PullPart.State.NOT_READ).count()
    tabs = [(tab, _NOUNS.get(tab, lists.NOUNS)) for tab in (CONFLICTS, DUPLICATES, MISSING)]
    ours = sum(rows(user, tab, noun).count() for tab, nouns in tabs for noun in lists.seen_by(user, nouns))
    return int(failed + ours)


@dataclass(frozen=True)
class Group:
    """Records of one noun with the same trouble; `first` is the primary key of the one to begin with."""

    noun: str
    number: int
    enterprises: int
    oldest: datetime
    first: int


def conflict_groups(user: Any) -> list[Group]:
    """What Needs you shows of conflicts."""
    return _grouped(user, CONFLICTS, "remote_read_at")


def duplicate_groups(user: Any) -> list[Group]:
    """What Needs you shows of second records there. `first` is the question's own key."""
    return _grouped(user, DUPLICATES, "since")


def missing_groups(user: Any) -> list[Group]:
    """What Needs you shows of records that Inbox Health no longer has."""
    return _grouped(user, MISSING, "missing_since")


def _grouped(user: Any, tab: str, since: str) -> list[Group]:
    found = []
    for noun in lists.seen_by(user, _NOUNS.get(tab, lists.NOUNS)):
        known = rows(user, tab, noun)
        whose = "enterprise_id" if tab == DUPLICATES else "pk" if noun == "enterprise" else "enterprise"
        told = known.aggregate(
            n=Count("pk"), places=Count(whose, distinct=True), oldest=Min(since), first=Min("pk")
        )
        if told["n"]:
            found.append(Group(noun, told["n"], told["places"], told["oldest"], told["first"]))
    return found
