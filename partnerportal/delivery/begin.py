"""tx 1: in flight, with the payload from the record as it is now, and an Attempt. Imports records, claims.

Nothing is sent here. The order is claim → ready? → reserve → tx 1 → Exchange → socket (law 2).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from integrations.inboxhealth.outcome import Outcome
from partnerportal.audit.context import Context
from partnerportal.audit.journal import Guard
from partnerportal.delivery import blocking, claims, gone, locks, parents
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.payloads import Step, step_for
from partnerportal.delivery.words import is_on_its_way, mark, record_word
from partnerportal.kernel.crash import crash_point
from partnerportal.records.models import Mirror

EQUAL_WAIT = 1.0  # seconds before a create is looked at again that waits for an equal one


# The highest id of a noun seen before now, in a list or on a row: no create of ours can lie below it.
_FLOOR = """
GREATEST((SELECT highest FROM records_floor WHERE noun = '{noun}'), (SELECT MAX(remote_id) FROM {table}), 0)
"""


@dataclass(frozen=True)
class Begun:
    """An attempt that is in flight and about to be sent."""

    hold: Hold
    row: Mirror
    delivery: Delivery
    attempt: Attempt
    step: Step
    context: Context


def ready(hold: Hold) -> Mirror | None:
    """A look without a request before a sending time is reserved: the record, or None where it can't go out.

    Then it was blocked, linked or ended. The usual answer costs one query and no lock; `begin` asks again
    under the locks. Raises LeaseLost.
    """
    row = locks.read(hold.noun, hold.record_id)
    wait = parents.wait_for(hold.delivery, row)
    if (wait is None and _anything_to_send(hold.delivery, row)) or blocking.stop(hold, wait):
        return row
    return None


def _anything_to_send(delivery: Delivery, row: Mirror) -> bool:
    return delivery.kind != Delivery.Kind.PUSH or row.remote_id is None or bool(row.wire.dirty(row))


def begin(hold: Hold, seen: Mirror) -> Begun | None:
    """Make the attempt, or None where the delivery turned out not to be for sending now. Raises LeaseLost.

    `seen` is the record as `ready` read it. An unknown create that is sent again goes through here too: it
    stays the one sent delivery of its record.
    """
    try:
        begun = _begin(hold, seen)
    except IntegrityError:  # an equal create, or another delivery of this record, is in flight
        claims.put_back(hold, EQUAL_WAIT)
        return None
    if begun is None:
        blocking.stop(hold, None)
        return None
    crash_point("in_flight_committed")
    return begun


def _begin(hold: Hold, seen: Mirror) -> Begun | None:
    """In one statement, where the record is as it was seen and its word stays; else under the locks."""
    begun = _attempt(hold, seen) if is_on_its_way(seen) else None
    if begun is not None:
        return begun
    with transaction.atomic():
        row = locks.record(hold.noun, hold.record_id)
        claims.held(hold)
        begun = _attempt(hold, row)
        if begun is not None:
            mark(row, Delivery.State.IN_FLIGHT)
    return begun


def _attempt(hold: Hold, row: Mirror) -> Begun | None:
    step = None if parents.wait_for(hold.delivery, row) else step_for(hold.delivery, row)
    if step is None:
        return None
    floor = _FLOOR.format(noun=row.noun, table=type(row)._meta.db_table) if step.creates else "NULL"
    attempt = claims.put_in_flight(hold, row, step, floor)
    if attempt is None:
        return None
    context = context_of(hold.delivery).about(attempt=attempt.number)
    return Begun(hold, row, hold.delivery, attempt, step, context)


def context_of(delivery: Delivery) -> Context:
    """The audit context of what a delivery sends."""
    return Context(
        actor=delivery.actor,
        origin=delivery.origin,
        lane=delivery.lane,
        record=delivery.record_name,
        enterprise=delivery.enterprise_id,
        patient=delivery.person_pk,
        batch=delivery.batch_id,
        cause=delivery.cause,
        delivery=delivery.pk,
    )


def guard(begun: Begun) -> Guard:
    """In the statement that inserts the Exchange: the attempt is still open, and the lease still ours."""
    return claims.still_sending(begun.hold, begun.attempt.pk)


def unsend(begun: Begun, reason: str) -> None:
    """The attempt was certainly not sent: end it, and the delivery waits as before."""
    with transaction.atomic():
        row = locks.find(begun.hold.noun, begun.hold.record_id)
        delivery = locks.delivery(begun.hold.delivery_id)
        ended = Attempt.objects.filter(pk=begun.attempt.pk, ended_at=None).update(
            ended_at=Now(), outcome=Outcome.NOT_PROCESSED, reason=reason
        )
        if ended and delivery.state == Delivery.State.IN_FLIGHT and delivery.lease_owner == begun.hold.owner:
            delivery.state, delivery.reason = Delivery.State.PENDING, reason
            delivery.lease_owner = delivery.lease_until = None
            delivery.save(update_fields=["state", "reason", "lease_owner", "lease_until"])
            if row is None:
                gone.end(delivery)
            else:
                mark(row, record_word(delivery))
    crash_point("unsent")
