"""The sidebar's counts: a few queries, cached 10 s a person. Numbers only. Imports needs_groups and jobs."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache

from partnerportal.console import event_needs, needs_groups
from partnerportal.jobs.models import Job
from partnerportal.sync import differences

SECONDS = 10


def badges_for(user: Any) -> dict[str, int]:
    """{"needs": what waits for a person, "batches": running ones, …}, as they may see. Up to 10 s old."""
    key = f"badges:{user.pk}"
    known: dict[str, int] | None = cache.get(key)
    if known is None:
        known = {
            "needs": needs_groups.total(user),
            "batches": _running(user),
            "differences": differences.asking(user),
            "events": event_needs.number(user),
        }
        cache.set(key, known, SECONDS)
    return known


def _running(user: Any) -> int:
    jobs = Job.objects.filter(kind=Job.Kind.PUSH, state=Job.State.RUNNING)
    if not user.all_enterprises:
        jobs = jobs.filter(enterprise_id__in=user.scope.values("enterprise_id"))
    return jobs.count()
