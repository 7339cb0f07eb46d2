"""Looks back after a send that went wrong: a storm, or one cause over and over? Imports storms, pausing.

Costs one query after a failure and none after a success.
"""

from __future__ import annotations

from partnerportal.accounts.models import ApiKey
from partnerportal.delivery import pausing, storms, telling
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.jobs.models import Job

STREAK = 20  # of one cause running, within a batch


def after(delivery: Delivery, state: str) -> None:
    """What one settled send may have been the last straw of. `state`: the delivery's new one."""
    if state == Delivery.State.FAILED and delivery.batch_id:
        streak(delivery.batch_id)
    elif state in (Delivery.State.WAITING, Delivery.State.UNKNOWN):
        storms.look(delivery.key)


def streak(batch_id: int) -> None:
    """Pause the batch where its last sends all failed of one cause."""
    job = Job.objects.filter(pk=batch_id, state=Job.State.RUNNING).first()
    if job is None:
        return
    ended = Attempt.objects.filter(delivery__batch=job, ended_at__isnull=False)
    ended = ended.filter(pk__gt=job.report.get("watched_from", 0)).order_by("-pk")
    last = list(ended.values_list("delivery__state", "delivery__cause_key", "delivery__noun")[:STREAK])
    if len(last) == STREAK and len(set(last)) == 1 and last[0][0] == Delivery.State.FAILED:
        pausing.pause_for_cause(job, last[0][1], last[0][2], STREAK)


def refused_keys() -> None:
    """Those concerned are told of each refused key that something waits on; once a refusal."""
    for key in ApiKey.objects.filter(state=ApiKey.State.REFUSED, revoked_at=None):
        waiting = Delivery.objects.filter(key=key, state__in=Delivery.OPEN).count()
        if waiting:
            telling.key_refused(key, waiting)
