"""tx 1: in flight, with the payload from the record as it is now, and an Attempt. Imports records, claims, parents.

Nothing is sent here. The order is claim → ready? → reserve → tx 1 → Exchange → socket (law 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.models import ApiKey
from partnerportal.audit.context import Context
from partnerportal.delivery import claims, parents
from partnerportal.delivery.claims import Hold, LeaseLost
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.payloads import Step, step_for
from partnerportal.delivery.settle import queue_after, record_word
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.records import apply, matching
from partnerportal.records.models import NOUNS, Mirror

EQUAL_WAIT = 1.0  # seconds before a create is looked at again that waits for an equal one


@dataclass(frozen=True)
class Begun:
    """An attempt that is in flight and about to be sent."""

    hold: Hold
    attempt_id: int
    number: int
    step: Step
    key: ApiKey
    context: Context


def begin(hold: Hold) -> Begun | None:
    """Make the attempt, or None where the delivery turned out not to be for sending now. Raises LeaseLost.

    An unknown create that is sent again goes through here too: it stays the one sent delivery of its record.
    """
    try:
        with transaction.atomic():
            begun = _begin(hold)
    except IntegrityError:  # an equal create, or another delivery of this record, is in flight
        claims.put_back(hold, EQUAL_WAIT)
        return None
    if begun is not None:
        crash_point("in_flight_committed")
    return begun


def _begin(hold: Hold) -> Begun | None:
    delivery = claims.held(hold)
    row = NOUNS[delivery.noun].objects.select_for_update(of=("self",)).get(pk=delivery.record_id)
    if _stopped(delivery, row):
        return None
    step = step_for(delivery, row)
    if step is None:
        _nothing_to_send(delivery, row)
        return None
    delivery.attempts += 1
    delivery.state, delivery.reason = Delivery.State.IN_FLIGHT, ""
    delivery.sameness = step.sameness
    if step.creates and delivery.floor is None:
        delivery.floor = matching.floor_of(delivery.noun) or 0
    delivery.sent_at = db_now()
    delivery.save(update_fields=["attempts", "state", "reason", "sameness", "floor", "sent_at"])
    attempt = Attempt.objects.create(
        delivery=delivery,
        number=delivery.attempts,
        operation=step.operation,
        payload=step.sent,
        record_version=row.version,
    )
    _mark(row, "in_flight")
    context = context_of(delivery).about(attempt=delivery.attempts)
    return Begun(hold, attempt.pk, attempt.number, step, delivery.key, context)


def ready(hold: Hold) -> bool:
    """A look without a request before a sending time is reserved. False: it was blocked, linked or ended."""
    with transaction.atomic():
        delivery = claims.held(hold)
        row = NOUNS[delivery.noun].objects.select_for_update(of=("self",)).get(pk=delivery.record_id)
        if _stopped(delivery, row):
            return False
        if delivery.kind == Delivery.Kind.PUSH and step_for(delivery, row) is None:
            _nothing_to_send(delivery, row)
            return False
    return True


def _stopped(delivery: Delivery, row: Mirror) -> bool:
    """Whether something must come first; then the delivery is settled accordingly."""
    wait = parents.wait_for(delivery, row)
    if wait is None:
        return False
    if wait.first is not None:  # its lock makes sure that a parent settling just now is not missed
        NOUNS[wait.first[0].noun].objects.select_for_update(of=("self",)).get(pk=wait.first[0].pk)
        row.refresh_from_db()
        wait = parents.wait_for(delivery, row)
        if wait is None:
            return False
    if delivery.state == Delivery.State.UNKNOWN:
        _undecided(delivery, row, wait.reason)
    else:
        _block(delivery, row, wait)
    return True


def _undecided(delivery: Delivery, row: Mirror, reason: str) -> None:
    """A create that may have landed can't be sent again as the record stands now: a person looks at it."""
    delivery.reason, delivery.cause_key = reason, f"undecided:{reason}"
    delivery.needs_person_since = db_now()
    _free(delivery)
    _mark(row, record_word(delivery))


def _block(delivery: Delivery, row: Mirror, wait: parents.Wait) -> None:
    linked = matching.same_chart(row) if wait.reason == "looks_alike" else None
    if linked is not None:  # the chart number is the partner's own: no person needs to agree
        apply.link(row, linked.record or {})
        return _release(delivery)
    delivery.state, delivery.reason, delivery.blocked_by = Delivery.State.BLOCKED, wait.reason, wait.blocked_by
    delivery.detail = wait.detail
    delivery.needs_person_since = db_now() if wait.needs_person or wait.reason == "not_valid" else None
    _free(delivery)
    if wait.first is not None:
        queue_after(delivery, *wait.first)
    row.delivery_state = record_word(delivery)
    row.save()
    return None


def _release(delivery: Delivery) -> None:
    """The row changed under it: look again from the start."""
    delivery.state = Delivery.State.PENDING
    _free(delivery)


def _free(delivery: Delivery) -> None:
    delivery.lease_owner = delivery.lease_until = None
    delivery.save()


def _nothing_to_send(delivery: Delivery, row: Mirror) -> None:
    delivery.state, delivery.reason = Delivery.State.DELIVERED, "nothing_to_send"
    delivery.settled_at = db_now()
    delivery.needs_person_since = None
    _free(delivery)
    _mark(row, "")


def _mark(row: Mirror, word: str) -> None:
    row.delivery_state = word
    row.recompute()
    row.save(update_fields=["delivery_state", "sync_state", "not_valid", "dirty", "conflicts"])


def context_of(delivery: Delivery) -> Context:
    """The audit context of what a delivery sends."""
    return Context(
        actor=delivery.actor,
        origin=delivery.origin,
        lane=delivery.lane,
        record=delivery.record_name,
        enterprise=delivery.enterprise_id,
        patient=delivery.record_id if delivery.noun == "patient" else None,
        batch=delivery.batch_id,
        cause=delivery.cause,
        delivery=delivery.pk,
    )


def guard(begun: Begun) -> Any:
    """Runs in the transaction that inserts the Exchange: the attempt is still ours and still open."""

    def check() -> None:
        open_still = Attempt.objects.select_for_update().filter(pk=begun.attempt_id, ended_at=None).exists()
        mine = Delivery.objects.filter(
            pk=begun.hold.delivery_id, lease_owner=begun.hold.owner, lease_until__gt=Now()
        ).exists()
        if not (open_still and mine):
            raise LeaseLost

    return check


def unsend(begun: Begun, reason: str) -> None:
    """The attempt was certainly not sent: end it, and the delivery waits as before."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=begun.hold.delivery_id)
        ended = Attempt.objects.filter(pk=begun.attempt_id, ended_at=None).update(
            ended_at=Now(), outcome=Outcome.NOT_PROCESSED, reason=reason
        )
        if ended and delivery.state == Delivery.State.IN_FLIGHT and delivery.lease_owner == begun.hold.owner:
            Delivery.objects.filter(pk=delivery.pk).update(
                state=Delivery.State.PENDING, lease_owner=None, lease_until=None, attempts=F("attempts"), reason=reason
            )
