"""Which events of our own pushes came late, and which have not come. Imports delivery, records and models.

Each push is judged once, when its event must have come; what was not in time gets a row. Past the grace the
event counts as missing, and its record is read by id, even though others came.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerportal.accounts.gateway import NoKey
from partnerportal.audit.context import Context
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.services import request_reading
from partnerportal.kernel.clock import db_now
from partnerportal.records.models import RECORDS, Endpoint
from partnerportal.webhooks.event_types import SEEN
from partnerportal.webhooks.models import Event, LateEvent

REMEMBERED = timedelta(hours=24)
GRACE = 1.5
"""How many times the limit an event may take before it counts as missing, and no longer as late."""
AT_ONCE, READ_AT_ONCE = 2_000, 100  # pushes judged, and records read, at one look
_VERBS = {"create": "created", "update": "updated"}
_OPERATIONS = {said: f".{verb}" for verb, said in _VERBS.items()}


def limit() -> timedelta:
    """How long an event of our own push may take."""
    return timedelta(seconds=settings.WEBHOOK_SILENCE_SECONDS)


def missing(endpoint: Endpoint) -> QuerySet[LateEvent]:
    """Those of the last day that have not come, the newest first."""
    now = db_now()
    found = LateEvent.objects.filter(endpoint=endpoint, came_at=None)
    return found.filter(pushed_at__lte=now - GRACE * limit(), pushed_at__gt=now - REMEMBERED)


def is_silent(endpoint: Endpoint) -> bool:
    """Whether the event of a push is missing and no other has come since."""
    newest = missing(endpoint).first()
    since = newest.pushed_at if newest else None
    return since is not None and not Event.objects.filter(endpoint=endpoint, received_at__gt=since).exists()


def judge(endpoint: Endpoint) -> None:
    """Note what is late by now, and what of it has come; have the records of what is missing read."""
    with transaction.atomic():
        _note(endpoint)
        _arrived(endpoint)
    try:
        for late in missing(endpoint).filter(read_at=None)[:READ_AT_ONCE]:
            _read(endpoint, late)
    except NoKey:
        return  # at the next look


def _note(endpoint: Endpoint) -> None:
    now = db_now()
    until, registered = now - limit(), endpoint.accepted_at or now
    since = max(endpoint.judged_until or registered, registered, now - REMEMBERED)
    due = list(_own_writes(endpoint, since, until))
    if len(due) == AT_ONCE and due[-1].ended_at:
        until = due[-1].ended_at - timedelta(microseconds=1)
    LateEvent.objects.bulk_create(_not_in_time(endpoint, due), ignore_conflicts=True)
    Endpoint.objects.filter(pk=endpoint.pk).update(judged_until=max(since, until))


def _own_writes(endpoint: Endpoint, since: datetime, until: datetime) -> QuerySet[Attempt]:
    """Accepted writes of that time that this endpoint is told of for certain."""
    wanted = Q(pk__in=[])
    for noun, model in RECORDS.items():
        for verb, said in _VERBS.items():
            if f"{noun}_{said}" in SEEN and f"{noun}_{said}" in endpoint.registered_webhooks:
                wanted |= Q(delivery__noun=noun, operation=f"{model.wire.resource}.{verb}")
    due = Attempt.objects.filter(wanted, outcome="accepted", ended_at__gt=since, ended_at__lte=until)
    return due.select_related("delivery").defer("payload").order_by("ended_at", "pk")[:AT_ONCE]


def _not_in_time(endpoint: Endpoint, due: Iterable[Attempt]) -> Iterable[LateEvent]:
    for attempt in due:
        delivery, ended = attempt.delivery, attempt.ended_at
        tied = RECORDS[delivery.noun].objects.filter(pk=delivery.record_id).exclude(remote_id=None)
        remote_id = tied.values_list("remote_id", flat=True).first()
        if remote_id is None or ended is None:
            continue
        late = LateEvent(
            endpoint=endpoint,
            attempt=attempt.pk,
            delivery=delivery.pk,
            event_type=f"{delivery.noun}_{_VERBS[attempt.operation.rpartition('.')[2]]}",
            noun=delivery.noun,
            record_id=delivery.record_id,
            object_id=remote_id,
            sent_at=attempt.started_at,
            pushed_at=ended,
        )
        late.came_at = _came(late)
        if late.came_at is None or late.came_at > ended + limit():
            yield late


def _arrived(endpoint: Endpoint) -> None:
    """Those that wait and of which an event came after all."""
    waiting = LateEvent.objects.filter(endpoint=endpoint, came_at=None, pushed_at__gt=db_now() - REMEMBERED)
    later = Event.objects.filter(
        endpoint=endpoint,
        event_type=OuterRef("event_type"),
        object_id=OuterRef("object_id"),
        received_at__gte=OuterRef("sent_at"),
    )
    for late in waiting.filter(Exists(later)):
        late.came_at = _came(late)
        late.save(update_fields=["came_at"])


def _came(late: LateEvent) -> datetime | None:
    """When the event came. Past the grace, what came after the next push of the record is that one's."""
    found = Event.objects.filter(
        endpoint=late.endpoint, event_type=late.event_type, object_id=late.object_id
    ).filter(received_at__gte=late.sent_at)
    came = found.order_by("received_at").values_list("received_at", flat=True).first()
    if came is None or came <= late.pushed_at + GRACE * limit():
        return came
    same = Attempt.objects.filter(delivery__noun=late.noun, delivery__record_id=late.record_id)
    same = same.filter(operation__endswith=_OPERATIONS[late.event_type.rpartition("_")[2]])
    return None if same.filter(started_at__gt=late.sent_at, started_at__lte=came).exists() else came


def _read(endpoint: Endpoint, late: LateEvent) -> None:
    """What Inbox Health has of the record now: whatever else was not told of it comes in with that."""
    context = Context(lane="background", cause=endpoint.record_name)
    with transaction.atomic():
        row = RECORDS[late.noun].objects.filter(pk=late.record_id).exclude(remote_id=None).first()
        if row is not None:
            request_reading(context, row, Delivery.Kind.REFRESH)
        LateEvent.objects.filter(pk=late.pk).update(read_at=db_now())
