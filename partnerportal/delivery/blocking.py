"""A delivery that can't go out now: blocked by what must come first, undecided, or with nothing to send.

Imports parents, locks, waiting. One transaction each; the parent's lock is taken before the record's, so that
a parent settling in this very moment either is seen here or finds its child blocked.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerportal.audit import checkpoint
from partnerportal.delivery import claims, locks, parents
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.payloads import step_for
from partnerportal.delivery.queueing import ring_lane
from partnerportal.delivery.waiting import queue_first
from partnerportal.delivery.words import mark, record_word
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.records import apply, matching, returning
from partnerportal.records.models import Mirror


def stop(hold: Hold, seen: parents.Wait | None) -> bool:
    """Settle what `seen` says must come first. True where it may be sent after all. Raises LeaseLost."""
    with transaction.atomic():
        if seen is not None and seen.first is not None:
            locks.record(seen.first[0].noun, seen.first[0].pk)
        row = locks.record(hold.noun, hold.record_id)
        delivery = claims.held(hold)
        wait = parents.wait_for(delivery, row)
        if wait is None and step_for(delivery, row) is not None:
            return True
        if wait is None:
            _nothing_to_send(delivery, row)
        elif delivery.state == Delivery.State.UNKNOWN:
            _undecided(delivery, row, wait.reason)
        elif _same_parent(wait, seen):
            _wait(delivery, row, wait)
        else:  # another one than the one whose lock we hold: look again from the start
            _free(delivery)
            ring_lane(delivery.lane)
    crash_point("blocked")
    return False


def _same_parent(wait: parents.Wait, seen: parents.Wait | None) -> bool:
    return wait.first is None or (
        seen is not None and seen.first is not None and seen.first[0] == wait.first[0]
    )


def _wait(delivery: Delivery, row: Mirror, wait: parents.Wait) -> None:
    linked = _known(row, wait) if wait.reason == "looks_alike" else None
    if linked is not None:
        restored = checkpoint.restored_at()
        if restored is not None and row.created_at < restored:  # it may be our own, changed since
            returning.tie(row, row.wire.create_payload(row), linked)
        else:
            apply.link(row, linked)
        delivery.state = Delivery.State.PENDING
        _free(delivery)
        ring_lane(delivery.lane)
        return
    _block(delivery, row, wait)


def _known(row: Mirror, wait: parents.Wait) -> dict[str, Any] | None:
    """The record there that it is for certain: by our reference, by the chart number, which is the partner's
    own, or the only one that holds all that the lost hours of a restore would have sent.
    """
    found = matching.with_reference(row) or matching.same_chart(row)
    if found is not None:
        seen: dict[str, Any] | None = found.record
        return seen
    floor, restored = matching.floor_of_restore(row.noun), checkpoint.restored_at()
    if restored is None or row.created_at > restored:
        return None
    candidates = [c for c in (wait.detail or {}).get("candidates", []) if c["record"]["id"] > floor]
    only = candidates[0] if len(candidates) == 1 else None
    record: dict[str, Any] | None = only["record"] if only and not only["differs"] else None
    return record


def _undecided(delivery: Delivery, row: Mirror, reason: str) -> None:
    """A create that may have landed can't be sent again as the record stands now: a person looks at it."""
    delivery.reason, delivery.cause_key = reason, f"undecided:{reason}"
    delivery.needs_person_since = db_now()
    _free(delivery)
    mark(row, record_word(delivery))


def _block(delivery: Delivery, row: Mirror, wait: parents.Wait) -> None:
    delivery.state, delivery.reason, delivery.blocked_by = (
        Delivery.State.BLOCKED,
        wait.reason,
        wait.blocked_by,
    )
    delivery.detail = wait.detail
    delivery.needs_person_since = db_now() if wait.needs_person or wait.reason == "not_valid" else None
    _free(delivery)
    if wait.first is not None:
        queue_first(delivery, *wait.first)
    mark(row, record_word(delivery))


def _nothing_to_send(delivery: Delivery, row: Mirror) -> None:
    delivery.state, delivery.reason = Delivery.State.DELIVERED, "nothing_to_send"
    delivery.settled_at = db_now()
    delivery.needs_person_since = None
    _free(delivery)
    mark(row, "")


def _free(delivery: Delivery) -> None:
    delivery.lease_owner = delivery.lease_until = None
    delivery.save()
