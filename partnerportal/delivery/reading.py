"""Deliveries that only read: practices back after a create, what is there first, a record to link to.

A read changes nothing there, so it may simply be tried again; it never is in flight. Imports walks, records.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from django.db import transaction

from integrations.inboxhealth import backoff
from integrations.inboxhealth.errors import EnvironmentMismatch
from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import brakes, claims, locks, looking, surplus, walks
from partnerportal.delivery.begin import context_of
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.practices import tie_practices
from partnerportal.delivery.reading_money import balance_there, lines_of, notifications_of, tie_lines
from partnerportal.delivery.waiting import queue_after, release_children
from partnerportal.delivery.walks import ENTERPRISES, Listing, NotNow, Walked
from partnerportal.delivery.words import mark, record_word, standing
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.records import apply, ledger, matching, merging, notifying
from partnerportal.records.models import RECORDS, Enterprise, Invoice, Mirror, Patient

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
    crash_point("list_read")
    with transaction.atomic():
        enterprise = locks.fresh(enterprise)
        locks.ids(enterprise.practices.all())
        held = claims.held(hold)
        tie_practices(enterprise, seen.rows)
        matching.sight("practice", seen.rows, enterprise.pk)
        enterprise.practices_read_at = db_now()
        _done(held, enterprise)
    surplus.look("practice", seen.rows, enterprise.pk, context_of(delivery))
    crash_point("list_tied")


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
    crash_point("list_read")
    with transaction.atomic():
        enterprise = locks.fresh(enterprise)
        locks.ids(enterprise.practices.all())
        held = claims.held(hold)
        for noun, seen in lists.items():
            matching.sight(noun, seen.rows, None if noun == "enterprise" else enterprise.pk)
        if "enterprise" in lists:
            matching.list_was_read("enterprise")
        if enterprise.remote_id is not None:
            now = db_now()
            enterprise.patients_read_at = enterprise.doctors_read_at = now
            tie_practices(enterprise, lists["practice"].rows)
            enterprise.practices_read_at = now
        _done(held, enterprise)
    for noun, seen in lists.items():
        surplus.look(noun, seen.rows, enterprise.pk, context_of(delivery))
    crash_point("list_tied")


def _link(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    row = RECORDS[delivery.noun].objects.get(pk=delivery.record_id)
    reply = walks.one(gateway, hold, row.wire.resource, delivery.target)
    crash_point("list_read")
    with transaction.atomic():
        row = locks.record(hold.noun, hold.record_id)
        held = claims.held(hold)
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
    crash_point("list_tied")


def _read_lines(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    invoice = Invoice.objects.get(pk=delivery.record_id)
    seen = _proven(walks.read(gateway, hold, lines_of(invoice)))
    crash_point("list_read")
    with transaction.atomic():
        invoice = locks.fresh(invoice)
        locks.ids(invoice.lines.all())
        held = claims.held(hold)
        if tie_lines(invoice, seen.rows):
            invoice.lines_read_at = db_now()
            _done(held, invoice)
        else:
            _fail(held, invoice, "lines_differ")
    surplus.look("line_item", seen.rows, invoice.enterprise_id, context_of(delivery))
    crash_point("list_tied")


def _compare(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    """Read the patient there, and compare what they owe."""
    patient, began = Patient.objects.get(pk=delivery.record_id), db_now()
    record = None if patient.remote_id is None else balance_there(gateway, hold, delivery, patient)
    crash_point("list_read")
    with transaction.atomic():
        row = locks.record(hold.noun, hold.record_id)
        held = claims.held(hold)
        if record is not None:
            merging.take(row, record, context_of(delivery), began=began)
        elif row.remote_id is not None:
            apply.missing(row)
        _done(held, row)
        if record is not None and isinstance(record.get("balance_cents"), int):
            ledger.compare(patient, record["balance_cents"])
    crash_point("list_tied")


def _refresh(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    """Read one record there, by its id."""
    with looking.merged(gateway, hold, delivery) as (held, row, _):
        _done(held, row)


def _notifications(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    """What Inbox Health sent to a patient, as it lists it."""
    patient = Patient.objects.get(pk=delivery.record_id)
    listing = notifications_of(patient)
    rows = _proven(walks.read(gateway, hold, listing)).rows if patient.remote_id else []
    crash_point("list_read")
    with transaction.atomic():
        row = locks.record(hold.noun, hold.record_id)
        held = claims.held(hold)
        notifying.keep(patient, rows)
        _done(held, row)
    crash_point("list_tied")


def link_refusal(row: Any, record: dict[str, Any]) -> str:
    """Why ours can't be tied to that record; "" where it can."""
    if not isinstance(record.get("id"), int):
        return "not_found"
    if row.remote_id not in (None, record["id"]):
        return "tied_already"  # its own create was accepted meanwhile: a second id would orphan the first
    if type(row).objects.filter(remote_id=record["id"]).exclude(pk=row.pk).exists():
        return "id_taken"
    if isinstance(row, Enterprise):
        return ""
    ours = row.enterprise.remote_id
    return "" if ours is not None and record.get("enterprise_id") in (ours, None) else "other_enterprise"


KINDS: dict[str, Callable[[Gateway, Hold, Delivery], None]] = {
    Kind.READ_PRACTICES: _read_practices,
    Kind.MATCH: _match,
    Kind.LINK: _link,
    Kind.READ_LINES: _read_lines,
    Kind.COMPARE: _compare,
    Kind.REFRESH: _refresh,
    Kind.NOTIFICATIONS: _notifications,
}


def _proven(seen: Walked) -> Walked:
    if not seen.proven:
        raise Unproven(seen.reason)
    return seen


def _done(delivery: Delivery, row: Mirror) -> None:
    delivery.state, delivery.reason = Delivery.State.DELIVERED, "read"
    delivery.settled_at, delivery.needs_person_since = db_now(), None
    delivery.lease_owner = delivery.lease_until = None
    delivery.save()
    row.delivery_state = standing(row, delivery)
    row.save()
    release_children(row)


def _fail(delivery: Delivery, row: Mirror, reason: str) -> None:
    delivery.state, delivery.reason, delivery.cause_key = Delivery.State.FAILED, reason, reason
    delivery.settled_at = delivery.needs_person_since = db_now()
    delivery.lease_owner = delivery.lease_until = None
    delivery.save()
    mark(row, record_word(delivery))


def _again(hold: Hold, reason: str) -> None:
    with transaction.atomic():
        row = locks.record(hold.noun, hold.record_id)
        delivery = claims.held(hold)
        delivery.lookups += 1
        if delivery.lookups >= TRIES:
            _fail(delivery, row, f"unproven_{reason}"[:40])
            return
        delivery.save(update_fields=["lookups"])
    claims.put_back(hold, backoff.delay(delivery.lookups, base=2.0, cap=60.0, jitter=random.random))
