"""What a dead worker left: deliveries in flight whose lease is over. Reads the audit to learn what happened.

An Attempt without an Exchange was never sent. One with an Answer is settled from it. One without is unknown.
Source: law 2. Imports audit, settle.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from integrations.inboxhealth.contract.problem import messages
from integrations.inboxhealth.outcome import Outcome
from partnerportal.audit.models import Answer, Exchange
from partnerportal.audit.sealed import unseal
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.settle import Result, record_word, settle
from partnerportal.kernel import correlation
from partnerportal.records.models import NOUNS


def revive(most: int = 500) -> int:
    """Settle or free what dead workers left; the number of deliveries touched."""
    stale = Delivery.objects.filter(state=Delivery.State.IN_FLIGHT, lease_until__lt=Now())
    found = list(stale.order_by("lease_until")[:most])
    for delivery in found:
        with correlation.correlated(delivery.correlation_id):
            _revive(delivery)
    return len(found)


def _revive(delivery: Delivery) -> None:
    attempt = delivery.attempt_rows.latest("number")
    exchange = _exchange_or_end(delivery, attempt)
    if exchange is None:
        return
    answer = Answer.objects.filter(exchange=exchange.pk).first()
    settle(delivery.pk, attempt.pk, _result(delivery.noun, exchange, answer))


def _exchange_or_end(delivery: Delivery, attempt: Attempt) -> Exchange | None:
    """The attempt's Exchange; where there is none, the attempt is ended under its lock, so none can come."""
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get(pk=delivery.pk)
        Attempt.objects.select_for_update().get(pk=attempt.pk)
        exchange = Exchange.objects.filter(delivery=delivery.pk, attempt=attempt.number, origin=held.origin).first()
        if exchange is not None or held.state != Delivery.State.IN_FLIGHT:
            return exchange
        Attempt.objects.filter(pk=attempt.pk).update(
            ended_at=Now(), outcome=Outcome.NOT_PROCESSED, reason="never_sent"
        )
        held.state, held.reason = Delivery.State.PENDING, "never_sent"
        held.lease_owner = held.lease_until = None
        held.save(update_fields=["state", "reason", "lease_owner", "lease_until"])
        row = NOUNS[held.noun].objects.select_for_update(of=("self",)).get(pk=held.record_id)
        row.delivery_state = record_word(held)
        row.save()
    return None


def _result(noun: str, exchange: Exchange, answer: Answer | None) -> Result:
    if answer is None:
        return Result(
            Outcome.UNKNOWN, "no_answer_recorded", {}, {}, exchange.pk, sent_at=exchange.started_at
        )
    data = _parsed(unseal(answer.data_key, answer.content).get("body"))
    outcome = Outcome(answer.outcome)
    record = data.get(noun) if isinstance(data, dict) else None
    return Result(
        outcome,
        answer.reason,
        record if isinstance(record, dict) else {},
        {} if outcome is Outcome.ACCEPTED else messages(data),
        exchange.pk,
        sent_at=exchange.started_at,
    )


def _parsed(body: Any) -> Any:
    try:
        return json.loads(body) if isinstance(body, str) else None
    except ValueError:
        return None
