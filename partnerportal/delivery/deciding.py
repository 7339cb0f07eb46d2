"""What a person may do with one delivery: cancel, send again, decide what could not be decided.

Each is one transaction with an entry. Imports services, settle, evidence.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import adjustments, holding, kept_counts, locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import RESOLVE, ring_lane
from partnerportal.delivery.services import NotPossible
from partnerportal.delivery.settle import tie
from partnerportal.delivery.waiting import release_children
from partnerportal.delivery.words import mark, record_word
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.dispatch import ring
from partnerportal.kernel.ids import short_id
from partnerportal.kernel.numbers import counted
from partnerportal.records import apply
from partnerportal.records.models import Mirror, PaymentAdjustment

State = Delivery.State


def cancel(context: Context, delivery: Delivery) -> None:
    """Take back what is not sent yet, or put a failed one aside. Raises NotPossible."""
    with transaction.atomic():
        held, row = _both(delivery)
        _refuse_replaced(held)
        if held.state not in (*Delivery.UNSENT, State.FAILED):
            raise NotPossible("It is being sent, or was: it can't be taken back any more.")
        waiting = Delivery.objects.filter(state=State.BLOCKED, blocked_by=row.record_name).exclude(pk=held.pk)
        if held.state != State.FAILED and waiting.exists():
            raise NotPossible(
                f"{counted(waiting.count(), 'delivery', 'deliveries')} wait for it. Cancel them first."
            )
        held.state, held.reason, held.settled_at = State.CANCELLED, f"by {context.actor}"[:40], db_now()
        _save(held, row, context, "delivery_cancelled")


def send_again(context: Context, delivery: Delivery) -> None:
    """A failed or waiting delivery goes back into its lane, now. Raises NotPossible."""
    with transaction.atomic():
        held, row = _both(delivery)
        _refuse_replaced(held)
        if held.state not in (State.FAILED, State.WAITING, State.BLOCKED, State.PENDING):
            raise NotPossible("Only what failed or waits can be sent again.")
        newer = Delivery.objects.filter(noun=held.noun, record_id=held.record_id, kind=held.kind)
        if newer.filter(state__in=Delivery.UNSENT).exclude(pk=held.pk).exists():
            raise NotPossible("A newer delivery of this record waits already.")
        held.state, held.reason, held.next_at, held.lookups = State.PENDING, "", db_now(), 0
        held.blocked_by, held.detail = "", None
        _save(held, row, context, "delivery_sent_again")
        ring_lane(held.lane)


def look_again(context: Context, delivery: Delivery) -> None:
    """An undecided create is looked up once more, now. Raises NotPossible."""
    with transaction.atomic():
        held, row = _both(delivery)
        if held.state != State.UNKNOWN:
            raise NotPossible("Only what is unknown can be looked up.")
        held.lookups, held.next_at = 0, db_now()
        _save(held, row, context, "delivery_looked_again")
        ring(RESOLVE, queue="background")


def decide_link(context: Context, delivery: Delivery, remote_id: int) -> None:
    """A person says: it is this one. The record comes from the evidence. Raises NotPossible."""
    with transaction.atomic():
        held, row = _both(delivery)
        if held.state not in (State.UNKNOWN, State.BLOCKED, State.FAILED) or not held.needs_person_since:
            raise NotPossible("There is nothing to decide any more.")
        record = candidate(held, remote_id)
        if type(row).objects.filter(remote_id=remote_id).exclude(pk=row.pk).exists():
            raise NotPossible(f"Another record here is tied to IH {remote_id}.")
        if held.state == State.UNKNOWN:
            held.state, held.settled_at = State.DELIVERED, db_now()
            tie(held, held.attempt_rows.latest("number"), row, record)
        else:
            apply.link(row, record)
            release_children(row)
            held.state = State.PENDING  # what differs goes out as an update
            ring_lane(held.lane)
        held.reason = "decided_link"
        _save(held, row, context, "delivery_decided", remote_id=remote_id, decision="it_is_this_one")


def decide_send(context: Context, delivery: Delivery) -> None:
    """A person says: it is not there, send it. Raises NotPossible."""
    with transaction.atomic():
        held, row = _both(delivery)
        if not held.needs_person_since or held.state not in (State.UNKNOWN, State.BLOCKED):
            raise NotPossible("There is nothing to decide any more.")
        if row.not_valid:
            raise NotPossible("It can't be sent as it is: mend the record first.")
        held.state, held.reason, held.as_new, held.next_at = State.PENDING, "decided_send", True, db_now()
        held.blocked_by = ""
        _save(held, row, context, "delivery_decided", decision="send_again")
        ring_lane(held.lane)


def decide_done(context: Context, delivery: Delivery) -> None:
    """A person says: the refund or void was done; no list could tell. Raises NotPossible."""
    with transaction.atomic():
        held, row = _both(delivery)
        if held.state != State.UNKNOWN or not isinstance(row, PaymentAdjustment):
            raise NotPossible("There is nothing to decide any more.")
        adjustments.remember(row)
        held.state, held.reason, held.settled_at = State.DELIVERED, "decided_done", db_now()
        tie(held, held.attempt_rows.latest("number"), row, {})
        _save(held, row, context, "delivery_decided", decision="it_was_done")


def decide_confirmed(context: Context, delivery: Delivery) -> None:
    """A person has seen to a create that landed twice, or could not be confirmed."""
    with transaction.atomic():
        held, row = _both(delivery)
        if held.state != State.DELIVERED or not held.needs_person_since:
            raise NotPossible("There is nothing to decide any more.")
        _save(held, row, context, "delivery_decided", decision="seen")


def candidates(delivery: Delivery) -> list[dict[str, Any]]:
    """What a person may choose from: {"record", "differs", "ours"}, of the last look or the match."""
    last = delivery.lookup_rows.order_by("-number").first()
    found = last.candidates if last else (delivery.detail or {}).get("candidates", [])
    return list(found or [])


def candidate(delivery: Delivery, remote_id: int) -> dict[str, Any]:
    """The candidate with that Inbox Health id. Raises NotPossible."""
    for found in candidates(delivery):
        if found["record"].get("id") == remote_id:
            record: dict[str, Any] = found["record"]
            return record
    raise NotPossible(f"IH {remote_id} is none of what the look-up found.")


def _refuse_replaced(held: Delivery) -> None:
    """What failed stays as it was once another went out in its place. Raises NotPossible."""
    later = Delivery.objects.with_replacement().values_list("replaced_by", flat=True).get(pk=held.pk)
    if later is not None:
        raise NotPossible(f"{short_id('delivery', later)} took its place: what is to be done is done there.")


def _both(known: Delivery) -> tuple[Delivery, Mirror]:
    """A delivery and its record, locked; its batch first, whose counts it changes. Raises NotPossible."""
    if known.batch_id is not None:
        locks.batch(known.batch_id)
    row = holding.to_settle(known)
    if row is None:
        raise NotPossible("Its record is not here any more.")
    held = locks.delivery(known.pk)
    if held.batch_id != known.batch_id:
        raise NotPossible("It went into a batch in this very moment. Try again.")
    return held, row


def _save(held: Delivery, row: Mirror, context: Context, action: str, **detail: Any) -> None:
    held.needs_person_since = None
    held.lease_owner = held.lease_until = None
    held.save()
    if held.batch_id:
        kept_counts.forget(held.batch_id)
    mark(row, record_word(held))
    about = context.about(
        record=row.record_name,
        enterprise=row.enterprise_pk,
        patient=row.person_pk,
        delivery=held.pk,
    )
    entries.write(action, about, {"delivery": held.short_id, "state": record_word(held), **detail})


__all__ = [
    "cancel",
    "candidates",
    "decide_confirmed",
    "decide_done",
    "decide_link",
    "decide_send",
    "look_again",
    "send_again",
]
