"""Works off events that wait: one after the other, each claimed for a while, several workers at once.

No HTTP here: what has to be read is queued in the outbox. Imports handlers, delivery's boundary and jobs.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from integrations.inboxhealth import backoff
from partnerportal.accounts.gateway import NoKey
from partnerportal.delivery import boundary
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.statements import run
from partnerportal.records.because import because
from partnerportal.records.models import Mirror
from partnerportal.webhooks.handlers import HANDLERS
from partnerportal.webhooks.models import Event, RetiredKey
from partnerportal.webhooks.subject import Result, Subject

State = Event.State
LEASE = 60.0  # seconds for one event
TRIES = 5  # before a person is asked
_CLAIM = """
UPDATE webhooks_event SET next_at = clock_timestamp() + make_interval(secs => %s), tries = tries + 1
WHERE id = (
    SELECT e.id FROM webhooks_event e JOIN records_endpoint p ON p.id = e.endpoint_id
    WHERE e.state = 'waiting' AND e.next_at <= clock_timestamp() AND NOT p.paused
    ORDER BY e.next_at, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED
) RETURNING id
"""
_DUE = """
SELECT 1 FROM webhooks_event e JOIN records_endpoint p ON p.id = e.endpoint_id
WHERE e.state = 'waiting' AND e.next_at <= clock_timestamp() AND NOT p.paused LIMIT 1
"""


def drive(seconds: float) -> int:
    """Work off what is due for so long; how many."""
    end, handled = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        found = run(_CLAIM, [LEASE])
        if found is None:
            break
        crash_point("event_claimed")
        one(Event.objects.select_related("endpoint").get(pk=found[0]))
        handled += 1
    return handled


def is_due() -> bool:
    """Whether anything waits that could be worked off now."""
    return run(_DUE, []) is not None


def one(event: Event) -> None:
    """Work off one claimed event; what goes wrong is kept with it, to be tried again."""
    with correlation.correlated():
        problem = boundary.kept_going(f"event {event.short_id}", partial(_work, event))
        if problem is not None:
            _again(event, "no_key" if isinstance(problem, NoKey) else type(problem).__name__[:40])


def _work(event: Event) -> None:
    result = _result(event)
    with transaction.atomic():
        row = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        if row.state == State.WAITING:
            _settle(row, result)
            _key_is_known(row)
    crash_point("event_settled")


def _result(event: Event) -> Result:
    if not _fits(event):
        return Result(State.ELSEWHERE, "livemode")
    handler = HANDLERS.get(event.event_type)
    if handler is None:
        return Result(State.UNKNOWN_TYPE)
    try:
        subject = Subject.of(event)
    except ValueError:
        return Result(State.FAILED, "no_object")
    with because(subject.context):
        return handler(subject)


def _fits(event: Event) -> bool:
    """`livemode` says production; one that says nothing is taken as it comes."""
    return event.livemode is None or event.livemode == (environment_name() == "production")


def _settle(event: Event, result: Result) -> None:
    now = db_now()
    event.state, event.reason = result.state, result.reason
    if result.state == State.WAITING:
        event.next_at, event.tries = now + timedelta(seconds=result.wait), 0
    else:
        event.settled_at = now
        event.needs_person_since = now if result.state == State.FAILED else None
    if result.changes:
        event.changes = {**(event.changes or {}), **result.changes}
    if result.row is not None:
        _about(event, result.row)
    event.save()


def _about(event: Event, row: Mirror) -> None:
    event.record_id = row.pk if row.noun == event.event_type.rpartition("_")[0] else None
    event.enterprise_id = row.enterprise_pk
    event.patient_id = row.person_pk


def _again(event: Event, reason: str) -> None:
    """Later, a little later each time; in the end a person is asked."""
    now = db_now()
    values: dict[str, Any] = {"reason": reason}
    if event.tries >= TRIES and reason != "no_key":
        values |= {"state": State.FAILED, "settled_at": now, "needs_person_since": now}
    else:
        pause = backoff.delay(min(event.tries, 10), base=2.0, cap=300.0, jitter=random.random)
        values["next_at"] = now + timedelta(seconds=pause)
    Event.objects.filter(pk=event.pk, state=State.WAITING).update(**values)
    crash_point("event_put_back")


def _key_is_known(event: Event) -> None:
    """Once an event is signed with another key, the endpoint is known to use that: older ones end."""
    waiting = RetiredKey.objects.filter(endpoint=event.endpoint_id, ended_at=None)
    if not waiting.filter(key__fingerprint=event.signed_by).exists():
        waiting.filter(since__lt=event.received_at).update(ended_at=db_now())
