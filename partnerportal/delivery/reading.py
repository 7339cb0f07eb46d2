"""Deliveries that only read: practices back after a create, what is there first, a record to link to.

A read changes nothing there, so it may simply be tried again; it never is in flight. Imports walks, records.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from integrations.inboxhealth import backoff
from integrations.inboxhealth.errors import EnvironmentMismatch
from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import brakes, claims, walks
from partnerportal.delivery.begin import context_of
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.practices import tie_practices
from partnerportal.delivery.settle import queue_after, record_word, release_children
from partnerportal.delivery.walks import ENTERPRISES, Listing, NotNow, Walked
from partnerportal.records import apply, matching
from partnerportal.records.models import NOUNS, Enterprise

TRIES = 5  # unproven reads before a person is asked
Kind = Delivery.Kind


class Unproven(Exception):
    """The list can't prove that it is complete. `reason`: what did not hold."""


def handle(hold: Hold, delivery: Delivery) -> float:
    """Read and apply; seconds for which the lane had better rest. Raises LeaseLost."""
    gateway = Gateway(delivery.key, context_of(delivery))
    try:
        KINDS[Kind(delivery.kind)](gateway, hold, delivery)
    except NotNow as error:
        claims.put_back(hold, max(error.wait, 0.2))
        return min(error.wait, 1.0)
    except Unproven as error:
        _again(hold, str(error))
    except EnvironmentMismatch as error:
        brakes.stop_all(str(error))
        claims.put_back(hold, 0.0)
    return 0.0


def _read_practices(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    enterprise = Enterprise.objects.get(pk=delivery.record_id)
    seen = _proven(walks.read(gateway, hold, Listing.below(enterprise.remote_id or 0, "practices")))
    with transaction.atomic():
        held = claims.held(hold)
        enterprise = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        tie_practices(enterprise, seen.rows)
        matching.sight("practice", seen.rows, enterprise.pk)
        enterprise.practices_read_at = timezone.now()
        _done(held, enterprise)


def _match(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    """Without an id: the key's enterprises. With one: what the enterprise already has there."""
    enterprise = Enterprise.objects.get(pk=delivery.record_id)
    if enterprise.remote_id is None:
        lists = {"enterprise": _proven(walks.read(gateway, hold, ENTERPRISES))}
    else:
        lists = {
            noun: _proven(walks.read(gateway, hold, Listing.below(enterprise.remote_id, f"{noun}s")))
            for noun in ("practice", "doctor", "patient")
        }
    with transaction.atomic():
        held = claims.held(hold)
        enterprise = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        for noun, seen in lists.items():
            matching.sight(noun, seen.rows, None if noun == "enterprise" else enterprise.pk)
        if enterprise.remote_id is not None:
            now = timezone.now()
            enterprise.patients_read_at = enterprise.doctors_read_at = now
            tie_practices(enterprise, lists["practice"].rows)
            enterprise.practices_read_at = now
        _done(held, enterprise)


def _link(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    row = NOUNS[delivery.noun].objects.get(pk=delivery.record_id)
    reply = walks.fetch(gateway, hold, f"{row.wire.resource}.get", path={"id": delivery.target})
    if reply.outcome not in (Outcome.ACCEPTED, Outcome.GONE, Outcome.REJECTED):
        raise NotNow(reply.reason)
    with transaction.atomic():
        held = claims.held(hold)
        row = NOUNS[delivery.noun].objects.select_for_update(of=("self",)).get(pk=delivery.record_id)
        record = reply.record(row.noun)
        reason = "not_found" if reply.outcome is not Outcome.ACCEPTED else link_refusal(row, record)
        if reason:
            _fail(held, row, reason)
            return
        apply.link(row, record)
        if isinstance(row, Enterprise):
            row.adopted = True
            queue_after(held, row, Kind.MATCH)
        _done(held, row)


def link_refusal(row: object, record: dict[str, object]) -> str:
    """Why ours can't be tied to that record; "" where it can."""
    model = type(row)
    if not isinstance(record.get("id"), int):
        return "not_found"
    if model.objects.filter(remote_id=record["id"]).exclude(pk=row.pk).exists():  # type: ignore[attr-defined]
        return "id_taken"
    if isinstance(row, Enterprise):
        return ""
    ours = row.enterprise.remote_id  # type: ignore[attr-defined]
    return "" if ours is not None and record.get("enterprise_id") in (ours, None) else "other_enterprise"


KINDS: dict[str, Callable[[Gateway, Hold, Delivery], None]] = {
    Kind.READ_PRACTICES: _read_practices,
    Kind.MATCH: _match,
    Kind.LINK: _link,
}


def _proven(seen: Walked) -> Walked:
    if not seen.proven:
        raise Unproven(seen.reason)
    return seen


def _done(delivery: Delivery, row: object) -> None:
    delivery.state, delivery.reason = Delivery.State.DELIVERED, "read"
    delivery.settled_at, delivery.needs_person_since = timezone.now(), None
    delivery.lease_owner = delivery.lease_until = None
    delivery.save()
    row.delivery_state = _standing(row)  # type: ignore[attr-defined]
    row.save()  # type: ignore[attr-defined]
    release_children(row)  # type: ignore[arg-type]


def _standing(row: object) -> str:
    """The word of the record's own push, which may wait for this very read."""
    push = Delivery.objects.filter(noun=row.noun, record_id=row.pk, state__in=Delivery.OPEN).first()  # type: ignore[attr-defined]
    return record_word(push) if push else ""


def _fail(delivery: Delivery, row: object, reason: str) -> None:
    delivery.state, delivery.reason, delivery.cause_key = Delivery.State.FAILED, reason, reason
    delivery.settled_at = delivery.needs_person_since = timezone.now()
    delivery.lease_owner = delivery.lease_until = None
    delivery.save()
    row.delivery_state = record_word(delivery)  # type: ignore[attr-defined]
    row.save()  # type: ignore[attr-defined]


def _again(hold: Hold, reason: str) -> None:
    with transaction.atomic():
        delivery = claims.held(hold)
        delivery.lookups += 1
        row = NOUNS[delivery.noun].objects.select_for_update(of=("self",)).get(pk=delivery.record_id)
        if delivery.lookups >= TRIES:
            _fail(delivery, row, f"unproven_{reason}"[:40])
            return
        delivery.save(update_fields=["lookups"])
    claims.put_back(hold, backoff.delay(delivery.lookups, base=2.0, cap=60.0, jitter=random.random))
