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
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.policy import Verdict, cause_key, verdict
from partnerportal.delivery.queueing import ring_lane
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.records import apply
from partnerportal.records.models import NOUNS, Enterprise, Mirror


@dataclass(frozen=True)
class Result:
    """What is known of one send, from a live reply or from the audit after a crash."""

    outcome: Outcome
    reason: str
    record: dict[str, Any]
    errors: dict[str, list[str]]
    exchange_id: int | None
    retry_after: float | None = None
    sent_at: datetime | None = None

    @classmethod
    def of(cls, reply: Reply, noun: str) -> Result:
        return cls(
            reply.outcome, reply.reason, reply.record(noun), reply.errors(), reply.exchange_id, reply.retry_after
        )


def settle(delivery_id: int, attempt_id: int, result: Result) -> str:
    """Apply a result; the delivery's new state. An attempt that another settled is left as it is."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
        if delivery.state not in Delivery.SENT or not _open(attempt, result):
            return delivery.state
        _end(attempt, result)
        now = db_now()
        word = verdict(
            result.outcome,
            result.reason,
            deletes=delivery.kind == Delivery.Kind.REMOVE,
            tries=delivery.attempts,
            retry_after=result.retry_after,
            unknown_delay=settings.DELIVERY_UNKNOWN_DELAY,
        )
        row = NOUNS[delivery.noun].objects.select_for_update().get(pk=delivery.record_id)
        _move(delivery, word, result, now)
        _tell_record(delivery, attempt, row, result)
        delivery.save()
    crash_point("settled")
    return delivery.state


def _open(attempt: Attempt, result: Result) -> bool:
    """Not ended yet, or ended without an answer that has come after all."""
    late = attempt.outcome == Outcome.UNKNOWN and result.outcome is not Outcome.UNKNOWN
    return attempt.ended_at is None or late


def _end(attempt: Attempt, result: Result) -> None:
    attempt.ended_at = db_now()
    attempt.outcome, attempt.reason, attempt.exchange = str(result.outcome), result.reason, result.exchange_id
    attempt.save(update_fields=["ended_at", "outcome", "reason", "exchange"])


def _move(delivery: Delivery, word: Verdict, result: Result, now: datetime) -> None:
    sent_at = result.sent_at or delivery.sent_at or now
    delivery.state, delivery.reason = word.state, word.reason
    delivery.lease_owner = delivery.lease_until = None
    delivery.sent_at, delivery.lookups = sent_at, 0
    delivery.next_at = (sent_at if word.state == "unknown" else now) + timedelta(seconds=word.wait)
    delivery.cause_key = cause_key(result.outcome, result.reason, result.errors) if word.state == "failed" else ""
    delivery.detail = {"errors": result.errors} if result.errors else None
    delivery.needs_person_since = now if word.state == "failed" else None
    if word.state in ("delivered", "failed"):
        delivery.settled_at = now


def _tell_record(delivery: Delivery, attempt: Attempt, row: Mirror, result: Result) -> None:
    """The record's side of the new state, and whoever waited for it."""
    if result.outcome is Outcome.GONE:
        row.missing_since = db_now()
    row.delivery_state = record_word(delivery)
    if delivery.state != Delivery.State.DELIVERED:
        row.save()
        return
    if delivery.kind == Delivery.Kind.REMOVE:
        row.missing_since = row.missing_since or db_now()
        row.save()
        return
    tie(delivery, attempt, row, result.record)
    if attempt.operation.endswith(".create") and earlier_may_have_landed(delivery):
        delivery.confirm_at = db_now() + timedelta(seconds=settings.DELIVERY_UNKNOWN_DELAY)


def tie(delivery: Delivery, attempt: Attempt, row: Mirror, record: dict[str, Any]) -> None:
    """An accepted write onto the row; raises its delivery to a person where the id belongs to another row."""
    created = attempt.operation.endswith(".create")
    try:
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
    release_children(row)


def earlier_may_have_landed(delivery: Delivery) -> bool:
    """Whether an earlier create of this delivery ended unknown: then we look once more, D later."""
    earlier = delivery.attempt_rows.filter(outcome=Outcome.UNKNOWN, operation__endswith=".create")
    return earlier.exclude(number=delivery.attempts).exists()


def record_word(delivery: Delivery) -> str:
    """What the record's `delivery_state` is while this delivery stands so."""
    if delivery.state in (Delivery.State.DELIVERED, Delivery.State.CANCELLED):
        return ""
    undecided = delivery.state == Delivery.State.UNKNOWN or delivery.reason == "looks_alike"
    if delivery.needs_person_since and undecided:
        return "undecided"
    return delivery.state


def queue_after(delivery: Delivery, row: Mirror, kind: str) -> Delivery:
    """Queue what must follow or come first, in the same lane and for the same reason; once."""
    made, _ = Delivery.objects.get_or_create(
        noun=row.noun,
        record_id=row.pk,
        kind=kind,
        state__in=Delivery.UNSENT,
        defaults={
            "state": Delivery.State.PENDING,
            "enterprise_id": row.enterprise_pk,
            "lane": delivery.lane,
            "turn": delivery.turn,
            "key_id": delivery.key_id,
            "actor": delivery.actor,
            "origin": delivery.origin,
            "cause": f"delivery:{delivery.short_id}",
            "correlation_id": delivery.correlation_id,
        },
    )
    ring_lane(delivery.lane)
    return made


def release_children(row: Mirror) -> None:
    """Whatever waited for this record may be looked at again."""
    freed = Delivery.objects.filter(state=Delivery.State.BLOCKED, blocked_by=row.record_name)
    lanes = list(freed.values_list("lane", flat=True).distinct())
    freed.update(state=Delivery.State.PENDING, blocked_by="", reason="")
    for lane in lanes:
        ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
