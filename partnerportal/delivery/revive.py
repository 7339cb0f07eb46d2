"""What a dead worker left: deliveries in flight whose lease is over. Reads the audit to learn what happened.

An Attempt without an Exchange was never sent. One with an Answer is settled from it. One without is unknown.
Source: law 2. Imports audit, settle.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from integrations.inboxhealth.contract.problem import messages
from integrations.inboxhealth.outcome import Outcome
from partnerportal.audit.models import Answer, Exchange
from partnerportal.audit.sealed import unseal
from partnerportal.delivery import boundary, gone, locks
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.settle import Result, settle
from partnerportal.delivery.words import mark, record_word
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point

WRITES = ("POST", "PUT", "DELETE")


def revive(most: int = 500) -> int:
    """Settle or free what dead workers left; the number of deliveries touched."""
    found = list(_stale().order_by("lease_until")[:most])
    for delivery in found:
        with correlation.correlated(delivery.correlation_id):
            boundary.kept_going(f"revive {delivery.short_id}", partial(_revive, delivery))
    return len(found)


def _stale() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.IN_FLIGHT, lease_until__lt=Now())


def _revive(delivery: Delivery) -> None:
    found = _sent_attempt(delivery)
    if found is not None:
        attempt, exchange = found
        answer = Answer.objects.filter(exchange=exchange.pk).first()
        settle(delivery, attempt, _result(delivery, exchange, answer))


def _sent_attempt(delivery: Delivery) -> tuple[Attempt, Exchange] | None:
    """The attempt and its Exchange; where there is none, the attempt is ended, so none can come."""
    with transaction.atomic():
        row = locks.find(delivery.noun, delivery.record_id)
        held = locks.locking(_stale().filter(pk=delivery.pk)).first()
        if held is None:  # settled meanwhile, or sent anew
            return None
        attempt = held.attempt_rows.select_for_update(no_key=True).get(number=held.attempts)
        exchange = Exchange.objects.filter(
            delivery=held.pk, attempt=attempt.number, method__in=WRITES
        ).first()
        if exchange is not None:
            return attempt, exchange
        attempt.ended_at, attempt.outcome, attempt.reason = db_now(), str(Outcome.NOT_PROCESSED), "never_sent"
        attempt.save(update_fields=["ended_at", "outcome", "reason"])
        held.state, held.reason = Delivery.State.PENDING, "never_sent"
        held.lease_owner = held.lease_until = None
        held.save(update_fields=["state", "reason", "lease_owner", "lease_until"])
        if row is None:
            gone.end(held)
        else:
            mark(row, record_word(held))
    crash_point("revived")
    return None


def _last_moment(delivery: Delivery, exchange: Exchange) -> datetime:
    """The latest that the request can have been sent: by a worker that stood still, up to a call's deadline
    before its lease ended; the client refuses to write later.
    """
    if delivery.lease_until is None:
        return exchange.started_at
    return max(exchange.started_at, delivery.lease_until - timedelta(seconds=settings.INBOX_HEALTH_DEADLINE))


def _result(delivery: Delivery, exchange: Exchange, answer: Answer | None) -> Result:
    sent_at, noun = _last_moment(delivery, exchange), delivery.noun
    if answer is None:
        return Result(Outcome.UNKNOWN, "no_answer_recorded", {}, {}, exchange.pk, sent_at=sent_at)
    data = _parsed(unseal(answer.data_key, bytes(answer.content or b"") or None).get("body"))
    outcome = Outcome(answer.outcome)
    record = data.get(noun) if isinstance(data, dict) else None
    return Result(
        outcome,
        answer.reason,
        record if isinstance(record, dict) else {},
        {} if outcome is Outcome.ACCEPTED else messages(data),
        exchange.pk,
        sent_at=sent_at,
    )


def _parsed(body: Any) -> Any:
    try:
        return json.loads(body) if isinstance(body, str) else None
    except ValueError:
        return None
