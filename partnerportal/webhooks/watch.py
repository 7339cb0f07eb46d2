"""Whether the channel can be trusted: a run of refused signatures, or silence after our own pushes.

Nobody configures a heartbeat: what we change ourselves must come back as an event. Imports lateness, models.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.dispatch import ring
from partnerportal.records.models import Endpoint
from partnerportal.webhooks import lateness
from partnerportal.webhooks.models import Event, Refusal

PULL = "partnerportal.sync.tasks.pull"
REFUSED, SILENT = "refused", "silent"
RUN = 5  # refused calls in a row
REMEMBERED = timedelta(hours=24)


def watch() -> int:
    """Look at every registered endpoint; how many are suspect. Each that becomes so starts a pull."""
    suspect = 0
    for endpoint in Endpoint.objects.filter(removed=False, paused=False).exclude(remote_id=None):
        lateness.judge(endpoint)
        reason = _reason(endpoint)
        suspect += bool(reason)
        if reason != endpoint.suspect_reason:
            _mark(endpoint, reason)
    return suspect


def _reason(endpoint: Endpoint) -> str:
    """Why it can't be trusted. Only an event that came ends a suspicion: no time that passes, no check."""
    if _is_refused(endpoint):
        return REFUSED
    since = endpoint.suspect_since
    if since and not Event.objects.filter(endpoint=endpoint, received_at__gt=since).exists():
        return endpoint.suspect_reason
    return SILENT if lateness.is_silent(endpoint) else ""


def _mark(endpoint: Endpoint, reason: str) -> None:
    with transaction.atomic():
        now = db_now()
        since = (endpoint.suspect_since or now) if reason else None
        Endpoint.objects.filter(pk=endpoint.pk).update(suspect_since=since, suspect_reason=reason)
        action = "endpoint_suspect" if reason else "endpoint_trusted"
        entries.write(action, Context(record=endpoint.record_name), {"reason": reason} if reason else None)
        if reason:
            ring(PULL, queue="background")


def _is_refused(endpoint: Endpoint) -> bool:
    last = Refusal.objects.filter(endpoint=endpoint).order_by("-hour").first()
    if last is None or last.in_a_row < RUN or last.last_at < db_now() - REMEMBERED:
        return False
    return not Event.objects.filter(endpoint=endpoint, received_at__gt=last.last_at).exists()
