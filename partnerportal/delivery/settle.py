"""tx 2: what a reply means for delivery, attempt and record, in one transaction. Imports records and policy.

It may be repeated: a second settling of the same attempt finds it ended and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.wire import Reply
from partnerportal.delivery import gone, holding, locks, money, rows, surplus
from partnerportal.delivery.begin import context_of
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.policy import Verdict, cause_key, verdict
from partnerportal.delivery.waiting import queue_after, release_children
from partnerportal.delivery.words import mark, record_word, standing
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.dispatch import ring
from partnerportal.kernel.statements import run
from partnerportal.records import apply, returning
from partnerportal.records.models import MONEY, Endpoint, Enterprise, Mirror

# All that settling changes of a delivery; the rest of the row is not its.
MOVED = (
    "state", "reason", "lease_owner", "lease_until", "sent_at", "lookups", "next_at", "cause_key", "detail",
    "needs_person_since", "settled_at", "confirm_at", "blocked_by",
)  # fmt: skip

COMPARE = "partnerportal.webhooks.tasks.check"

_END = """
UPDATE delivery_attempt SET ended_at = %s, outcome = %s, reason = %s, exchange = %s
WHERE id = %s AND (ended_at IS NULL OR (outcome = 'unknown' AND CAST(%s AS text) <> 'unknown')) RETURNING id
"""


@dataclass(frozen=True)
class Result:
    """What is known of one send, from a live reply or from the audit after a crash.

    `ago`: seconds from the send to now; `sent_at` says it as an instant where the audit knows.
    """

    outcome: Outcome
    reason: str
    record: dict[str, Any]
    errors: dict[str, list[str]]
    exchange_id: int | None
    retry_after: float | None = None
    sent_at: datetime | None = None
    ago: float = 0.0

    @classmethod
    def of(cls, reply: Reply, noun: str) -> Result:
        return cls(
            reply.outcome,
            reply.reason,
            reply.record(noun),
            reply.errors(),
            reply.exchange_id,
            reply.retry_after,
            ago=reply.seconds,
        )


def settle(delivery: Delivery, attempt: Attempt, result: Result, row: Mirror | None = None) -> str:
    """Apply a result; the delivery's new state. An attempt that another settled is left as it is.

    `delivery` and `attempt` may be old: what others can have changed is read again under the locks, and so is
    `row`, the record as the caller last saw it, where somebody has written it since.
    """
    with transaction.atomic():
        row = holding.to_settle(delivery, row)
        now = locks.refresh(delivery)
        if not _end(attempt, result, now):
            return delivery.state
        if row is None:
            _of_nothing(delivery, attempt)
        elif attempt.number == delivery.attempts and delivery.state in Delivery.SENT:
            _move(delivery, _verdict(delivery, result), result, now)
            _tell_record(delivery, attempt, row, result, now)
            rows.write(delivery, MOVED)
        elif result.outcome is Outcome.ACCEPTED and attempt.operation.endswith(".create"):
            delivery.refresh_from_db()
            _landed_late(delivery, attempt, row, result, now)
            delivery.save(update_fields=MOVED)
    crash_point("settled")
    return delivery.state


def _of_nothing(delivery: Delivery, attempt: Attempt) -> None:
    """The record is gone here: whatever became of it there, a person has to know."""
    if attempt.number == delivery.attempts and delivery.state in Delivery.SENT:
        delivery.refresh_from_db()
        gone.end(delivery)


def _verdict(delivery: Delivery, result: Result) -> Verdict:
    return verdict(
        result.outcome,
        result.reason,
        deletes=delivery.kind == Delivery.Kind.REMOVE,
        tries=delivery.attempts,
        retry_after=result.retry_after,
        unknown_delay=settings.DELIVERY_UNKNOWN_DELAY,
    )


def _end(attempt: Attempt, result: Result, now: datetime) -> bool:
    """End the attempt, once: False where it had ended, unless without an answer and one has come now."""
    attempt.ended_at, attempt.outcome, attempt.reason = now, str(result.outcome), result.reason
    attempt.exchange = result.exchange_id
    return (
        run(_END, [now, attempt.outcome, result.reason, result.exchange_id, attempt.pk, attempt.outcome])
        is not None
    )


def _move(delivery: Delivery, word: Verdict, result: Result, now: datetime) -> None:
    sent_at = result.sent_at or now - timedelta(seconds=result.ago)
    delivery.state, delivery.reason = word.state, word.reason
    delivery.lease_owner = delivery.lease_until = None
    delivery.sent_at, delivery.lookups = sent_at, 0
    delivery.next_at = (sent_at if word.state == "unknown" else now) + timedelta(seconds=word.wait)
    delivery.cause_key = (
        cause_key(result.outcome, result.reason, result.errors) if word.state == "failed" else ""
    )
    delivery.detail = {"errors": result.errors} if result.errors else None
    delivery.needs_person_since = now if word.state == "failed" else None
    if word.state in ("delivered", "failed"):
        delivery.settled_at = now


def _tell_record(delivery: Delivery, attempt: Attempt, row: Mirror, result: Result, now: datetime) -> None:
    """The record's side of the new state, and whoever waited for it."""
    missing = result.outcome is Outcome.GONE
    removed = delivery.kind == Delivery.Kind.REMOVE and delivery.state == Delivery.State.DELIVERED
    if removed and row.noun in MONEY:
        money.removed(delivery, row)
    elif missing or removed:
        row.missing_since = row.missing_since or now
        row.delivery_state = record_word(delivery)
        row.save()
    elif delivery.state != Delivery.State.DELIVERED:
        if result.outcome is Outcome.UNKNOWN and attempt.operation.endswith(".update"):
            apply.unsure(row, attempt.payload)
        mark(row, record_word(delivery))
    else:
        tie(delivery, attempt, row, result.record)
        look_once_more(delivery, attempt, now)


def _landed_late(delivery: Delivery, attempt: Attempt, row: Mirror, result: Result, now: datetime) -> None:
    """A create that was given up was accepted after all: its answer came late, from a worker thought dead."""
    if row.remote_id is None:
        delivery.state, delivery.reason = Delivery.State.DELIVERED, result.reason
        delivery.lease_owner = delivery.lease_until = None
        delivery.settled_at, delivery.needs_person_since = now, None
        delivery.blocked_by = ""
        tie(delivery, attempt, row, result.record)
        look_once_more(delivery, attempt, now)
    elif row.remote_id != result.record.get("id"):
        surplus.report(delivery, row, result.record, context_of(delivery))


def look_once_more(delivery: Delivery, attempt: Attempt, now: datetime) -> None:
    """After a write beside which another of the same delivery may land yet: once more, D later.

    Of a create that is a second record, of an update an older value. Endpoints have a check of their own.
    """
    by_its_check = delivery.noun == "endpoint" and attempt.operation.endswith(".update")
    if not by_its_check and another_may_have_landed(delivery, attempt):
        delivery.confirm_at = now + timedelta(seconds=settings.DELIVERY_UNKNOWN_DELAY)


def tie(delivery: Delivery, attempt: Attempt, row: Mirror, record: dict[str, Any]) -> None:
    """An accepted write onto the row; raises its delivery to a person where the id belongs to another row."""
    created = attempt.operation.endswith(".create")
    row.delivery_state = ""
    try:
        if created and attempt.reason == Attempt.RESTORED:
            returning.tie(row, attempt.payload, record)
        else:
            apply.accept(row, attempt.payload, record, created=created)
    except apply.AlreadyLinked as error:
        delivery.state, delivery.reason = Delivery.State.FAILED, "id_taken"
        delivery.detail = {"other": error.other.record_name, "remote_id": record.get("id")}
        delivery.cause_key, delivery.needs_person_since = "id_taken", db_now()
        row.refresh_from_db()
        row.delivery_state = record_word(delivery)
        row.save()
        return
    if created and isinstance(row, Enterprise):
        queue_after(delivery, row, Delivery.Kind.READ_PRACTICES)
    if row.noun in MONEY:
        money.accepted(delivery, attempt, row)
    if created and isinstance(row, Endpoint) and row.checked_at is None:
        ring(COMPARE, queue="background")  # once: a list that does not show it yet must not start a circle
    release_children(row)
    if row.dirty:  # edited while it was on its way: the next push may wait already
        mark(row, standing(row, delivery))


def another_may_have_landed(delivery: Delivery, attempt: Attempt) -> bool:
    """Whether a request like `attempt`, of this delivery too, ended unknown or has not ended yet."""
    if delivery.attempts < 2 or delivery.kind == Delivery.Kind.REMOVE:
        return False
    others = delivery.attempt_rows.filter(outcome__in=(Outcome.UNKNOWN, ""), operation=attempt.operation)
    return others.exclude(pk=attempt.pk).exists()
