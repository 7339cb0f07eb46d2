"""Unknown outcomes: look at Inbox Health before anything is sent again (law 3). Imports evidence, engine.

A create: D after the send the list is read; one → it is ours; none → read once more, only then sent again;
after a re-send was accepted it is read once more D later. What cannot be decided goes to a person.
An update or a delete: the record is read by id; what was sent either stands there or is sent again. An update
that was accepted after it was sent again is read once more as well: the first may have landed over it.
"""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models.functions import Now

from integrations.inboxhealth import backoff
from integrations.inboxhealth.errors import EnvironmentMismatch
from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.gateway import Gateway, NoKey
from partnerportal.delivery import (
    adjustments,
    boundary,
    brakes,
    claims,
    engine,
    evidence,
    holding,
    locks,
    looking,
    money,
    surplus,
    told,
    walks,
)
from partnerportal.delivery.begin import context_of
from partnerportal.delivery.claims import Hold, LeaseLost
from partnerportal.delivery.evidence import Finding
from partnerportal.delivery.lookup_lists import listing_for
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.queueing import ring_lane
from partnerportal.delivery.settle import another_may_have_landed, look_once_more, tie
from partnerportal.delivery.walks import NotNow
from partnerportal.delivery.words import follow
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.records.models import MONEY, RECORDS, Mirror, PaymentAdjustment

LOOKS_BEFORE_RESEND = 2
UNPROVEN_TRIES = 5
FAILED_LOOK_WAIT = 30.0  # seconds until a look that could not be made is tried again


def resolve_due(most: int = 100) -> int:
    """Look up what is due; the number handled."""
    handled = 0
    while handled < most:
        hold = claims.claim_lookup() or claims.claim_confirmation()
        if hold is None:
            break
        if boundary.kept_going(f"look-up DL-{hold.delivery_id}", partial(handle, hold)):
            claims.put_back(hold, FAILED_LOOK_WAIT)
        handled += 1
    return handled


def handle(hold: Hold) -> None:
    """One look for one delivery."""
    delivery = hold.delivery
    with correlation.correlated(delivery.correlation_id):
        try:
            gateway = Gateway(delivery.key, context_of(delivery).about(origin="resolve"), keep_lists=True)
            if _last(delivery).operation.endswith(".create"):
                _look_for_create(gateway, hold, delivery)
            elif delivery.state == Delivery.State.DELIVERED:
                _confirm_update(gateway, hold, delivery)
            else:
                _look_at_record(gateway, hold, delivery)
        except NotNow as error:
            claims.put_back(hold, max(error.wait, 0.2))
        except NoKey:
            claims.put_back(hold, FAILED_LOOK_WAIT)
        except EnvironmentMismatch as error:
            brakes.stop_all(str(error))
            claims.put_back(hold, FAILED_LOOK_WAIT)
        except LeaseLost:
            return
        except ObjectDoesNotExist:
            if not engine.record_gone(hold):
                raise


def _last(delivery: Delivery) -> Attempt:
    return delivery.attempt_rows.latest("number")


def _look_for_create(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    row = locks.read(delivery.noun, delivery.record_id)
    finding, exchanges = _seen(gateway, hold, delivery, row)
    crash_point("lookup_answered")
    with transaction.atomic():
        row = _locked(hold)
        held = claims.held(hold)
        evidence.keep(held, finding, exchanges)
        held.lookups += 1
        delivered = held.state == Delivery.State.DELIVERED
        resend = _confirmed(held, row, finding) if delivered else _decide(held, row, finding)
        if not resend:
            held.lease_owner = held.lease_until = None
        held.save()
        follow(row, held)
    crash_point("lookup_committed")
    if resend:
        engine.resend(claims.renew(hold))


def _locked(hold: Hold) -> Mirror:
    """The record, with all that the look may change. Raises the model's DoesNotExist."""
    row = holding.to_settle(hold.delivery)
    if row is None:
        raise RECORDS[hold.noun].DoesNotExist
    return row


def _seen(gateway: Gateway, hold: Hold, delivery: Delivery, row: Mirror) -> tuple[Finding, list[int]]:
    """What a look shows of this create, and its exchanges. Raises NotNow, LeaseLost."""
    if isinstance(row, PaymentAdjustment):
        return adjustments.look(gateway, hold, row)
    sent = evidence.sent_payloads(delivery)
    seen = walks.read(gateway, hold, listing_for(row), above=delivery.floor)
    surplus.look(row.noun, seen.rows, row.enterprise_pk, context_of(delivery).about(origin="resolve"))
    seen = told.join(seen, gateway, hold, delivery, row, sent)
    return evidence.find(delivery, row, sent, seen), seen.exchanges


def _decide(delivery: Delivery, row: Mirror, finding: Finding) -> bool:
    """The next state after a look; True where the create is to be sent again by these hands, now."""
    delivery.reason = f"looked_{finding.verdict}"
    if finding.verdict == "one":
        _landed(delivery, row, finding.record)
    elif finding.verdict == "none":
        if delivery.lookups >= LOOKS_BEFORE_RESEND:
            return True
        delivery.next_at = db_now()
    elif finding.verdict == "unproven" and delivery.lookups < UNPROVEN_TRIES:
        pause = backoff.delay(delivery.lookups, base=2.0, cap=60.0, jitter=random.random)
        delivery.next_at = db_now() + timedelta(seconds=pause)
    else:
        delivery.needs_person_since = db_now()
        delivery.cause_key = f"undecided:{finding.verdict}"
    return False


def _landed(delivery: Delivery, row: Mirror, record: dict[str, Any]) -> None:
    """The create did land: as if its answer had come."""
    delivery.state, delivery.settled_at = Delivery.State.DELIVERED, db_now()
    delivery.needs_person_since = None
    attempt = _last(delivery)
    sent = evidence.sent_payloads(delivery)
    attempt.payload = min(sent, key=lambda s: len(row.wire.same_content(s, record)), default=attempt.payload)
    if isinstance(row, PaymentAdjustment):
        adjustments.remember(row)
    elif another_may_have_landed(delivery, attempt):
        delivery.confirm_at = db_now() + timedelta(seconds=settings.DELIVERY_UNKNOWN_DELAY)
    tie(delivery, attempt, row, record)


def _confirmed(delivery: Delivery, row: Mirror, finding: Finding) -> bool:
    """Once more after a re-send: is there a second one besides ours? A person says what to do with it."""
    others = [c for c in finding.candidates if c["record"]["id"] != row.remote_id]
    twins = [c for c in others if c["ours"] or not c["differs"]]
    if finding.verdict == "unproven" and delivery.lookups < UNPROVEN_TRIES:
        delivery.confirm_at = db_now() + timedelta(seconds=settings.DELIVERY_UNKNOWN_DELAY)
        return False
    delivery.confirm_at = None
    for twin in twins:
        surplus.report(delivery, row, twin["record"], context_of(delivery).about(origin="resolve"))
    refunded = isinstance(row, PaymentAdjustment) and not row.void and finding.verdict in ("one", "similar")
    if refunded:
        surplus.landed_twice(delivery)
    elif finding.verdict == "unproven" and not twins:
        delivery.reason = delivery.cause_key = "not_confirmed"
        delivery.needs_person_since = db_now()
    return False


def _look_at_record(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    """An unknown update or delete: what stands there now decides."""
    row = RECORDS[delivery.noun].objects.get(pk=delivery.record_id)
    reply = walks.fetch(gateway, hold, f"{row.wire.resource}.get", path={"id": row.remote_id})
    crash_point("lookup_answered")
    if reply.outcome not in walks.READABLE:
        raise NotNow(reply.reason, reply.retry_after or walks.RETRY)
    record = reply.record(row.noun)
    with transaction.atomic():
        row = _locked(hold)
        held = claims.held(hold)
        attempt = _last(held)
        held.lease_owner = held.lease_until = None
        if reply.outcome is Outcome.REJECTED:
            held.lookups += 1
            _decide(held, row, Finding("unproven", f"refused_{reply.reason}"[:60]))
        else:
            _judge_record(held, attempt, row, record, gone=reply.outcome is Outcome.GONE)
        evidence.keep(held, Finding(held.reason.removeprefix("looked_")[:12]), [reply.exchange_id or 0])
        held.save()
        follow(row, held)
    crash_point("lookup_committed")
    ring_lane(delivery.lane)


def _confirm_update(gateway: Gateway, hold: Hold, delivery: Delivery) -> None:
    """D after a re-sent update was accepted: an older value that landed over it is a conflict."""
    sent = _last(delivery).payload
    with looking.merged(gateway, hold, delivery) as (held, row, reply):
        differs = row.wire.same_content(sent, reply.record(row.noun))
        evidence.keep(held, Finding("similar" if differs else "one"), [reply.exchange_id or 0])
        held.confirm_at, held.lookups = None, held.lookups + 1
        held.lease_owner = held.lease_until = None
        held.save()
        follow(row, held)
    crash_point("lookup_committed")


def _judge_record(
    delivery: Delivery, attempt: Attempt, row: Mirror, record: dict[str, Any], *, gone: bool
) -> None:
    deletes = delivery.kind == Delivery.Kind.REMOVE
    removed = gone or (deletes and str(record.get("soft_delete")).lower() in ("true", "1"))
    if removed and deletes and row.noun in MONEY:
        delivery.state, delivery.reason = Delivery.State.DELIVERED, "looked_gone"
        delivery.settled_at, delivery.needs_person_since = db_now(), None
        money.removed(delivery, row)
    elif removed:
        row.missing_since = row.missing_since or db_now()
        row.save()
        delivery.state = Delivery.State.DELIVERED if deletes else Delivery.State.FAILED
        delivery.reason, delivery.settled_at = "looked_gone", db_now()
        delivery.needs_person_since = None if deletes else db_now()
        delivery.cause_key = "" if deletes else "not_found"
    elif not deletes and not row.wire.same_content(attempt.payload, record):
        delivery.state, delivery.reason, delivery.settled_at = (
            Delivery.State.DELIVERED,
            "looked_one",
            db_now(),
        )
        row.acknowledged = row.wire.seen(row.acknowledged or {}, attempt.payload)
        tie(delivery, attempt, row, record)
        look_once_more(delivery, attempt, db_now())
    else:
        Attempt.objects.filter(pk=attempt.pk).update(ended_at=Now())
        delivery.state, delivery.reason, delivery.next_at = Delivery.State.PENDING, "looked_none", db_now()
