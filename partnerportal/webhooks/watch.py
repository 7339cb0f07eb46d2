"""Whether the channel can be trusted: a run of refused signatures, or silence after our own pushes.

Nobody configures a heartbeat: what we change ourselves must come back as an event. Imports delivery, models.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery.models import Attempt
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.dispatch import ring
from partnerportal.records.models import RECORDS, Endpoint
from partnerportal.webhooks.event_types import SEEN
from partnerportal.webhooks.models import Event, Refusal

PULL = "partnerportal.sync.tasks.pull"
REFUSED, SILENT = "refused", "silent"
RUN = 5  # refused calls in a row
REMEMBERED = timedelta(hours=24)
_VERBS = {"create": "created", "update": "updated"}


def watch() -> int:
    """Look at every registered endpoint; how many are suspect. Each that becomes so starts a pull."""
    suspect = 0
    for endpoint in Endpoint.objects.filter(removed=False, paused=False).exclude(remote_id=None):
        reason = REFUSED if _is_refused(endpoint) else SILENT if silent_since(endpoint) else ""
        suspect += bool(reason)
        if reason != endpoint.suspect_reason:
            _mark(endpoint, reason)
    return suspect


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


def silent_since(endpoint: Endpoint) -> datetime | None:
    """When the newest of our own pushes ended whose event is overdue; None where it came or none is due."""
    push = _newest_due(endpoint)
    if push is None or push.ended_at is None:
        return None
    noun, record_id = push.delivery.noun, push.delivery.record_id
    remote_id = RECORDS[noun].objects.filter(pk=record_id).values_list("remote_id", flat=True).first()
    came = Event.objects.filter(
        Q(noun=noun, object_id=remote_id, received_at__gte=push.started_at - timedelta(seconds=5))
        | Q(endpoint=endpoint, received_at__gt=push.ended_at)  # the channel has lived since
    )
    return None if came.exists() else push.ended_at


def _newest_due(endpoint: Endpoint) -> Attempt | None:
    """The newest accepted write whose event this endpoint must have had by now."""
    now = db_now()
    wanted = Q()
    for noun, verb, operation in _own_writes(endpoint):
        wanted |= Q(delivery__noun=noun, operation=f"{operation}.{verb}")
    if not wanted:
        return None
    due = Attempt.objects.filter(
        wanted,
        outcome="accepted",
        ended_at__lt=now - timedelta(seconds=settings.WEBHOOK_SILENCE_SECONDS),
        ended_at__gt=max(now - REMEMBERED, endpoint.accepted_at or now),
    )
    return due.select_related("delivery").order_by("-ended_at").first()


def _own_writes(endpoint: Endpoint) -> list[tuple[str, str, str]]:
    """(noun, verb, resource) of what we send ourselves and this endpoint is told of for certain."""
    return [
        (noun, verb, model.wire.resource)
        for noun, model in RECORDS.items()
        for verb, said in _VERBS.items()
        if f"{noun}_{said}" in SEEN and f"{noun}_{said}" in endpoint.registered_webhooks
    ]
