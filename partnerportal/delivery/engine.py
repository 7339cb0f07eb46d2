"""The engine: claim → ready → reserve → tx 1 → Exchange, socket, Answer → tx 2. No lock over HTTP.

Imports everything of delivery below tasks, and the gateway. Reading kinds (practices, lists, links) go to
`reading`, unknown outcomes to `resolve`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from integrations.inboxhealth.errors import (
    EnvironmentMismatch,
    InvalidRequest,
    LeaseTooShort,
    LimiterUnavailable,
)
from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.wire import Reply
from partnerportal.accounts.gateway import INSTANCE_HEADER, Gateway, NoKey
from partnerportal.accounts.stamp import OtherEnvironment, stamp
from partnerportal.audit.journal import Held
from partnerportal.delivery import (
    boundary,
    brakes,
    claims,
    doubting,
    gone,
    locks,
    looking,
    reading,
    storms,
    walks,
    watch,
)
from partnerportal.delivery.begin import Begun, begin, context_of, guard, ready, unsend
from partnerportal.delivery.claims import Hold, LeaseLost
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.settle import Result, settle
from partnerportal.delivery.walks import NotNow
from partnerportal.delivery.words import mark, record_word
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.environment import environment_name
from partnerportal.records.models import RECORDS, Mirror

NO_REDIS_WAIT = 5.0  # seconds: no Redis, no send


def drive(lane: str, seconds: float, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is or soon will be due in a lane, one after the other, for at most `seconds`; how many."""
    until, handled = time.monotonic() + seconds, 0
    while time.monotonic() < until and not stop():
        hold = claims.claim_due(lane)
        if hold is None:
            soon = claims.due_in(lane)
            if soon is None or time.monotonic() + soon > until:
                break
            time.sleep(max(soon, 0.02))  # not at once: another may be taking it right now
            continue
        pause = _guarded(hold)
        handled += 1
        time.sleep(min(pause, max(0.0, until - time.monotonic())))
    return handled


def _guarded(hold: Hold) -> float:
    """`handle`, at the worker's boundary: what fails there is put back, or shown to a person."""
    pauses: list[float] = []
    error = boundary.kept_going(f"DL-{hold.delivery_id}", lambda: pauses.append(handle(hold)))
    if error is None:
        return pauses[0]
    if boundary.is_passing(error):
        claims.put_back(hold, NO_REDIS_WAIT)
    else:
        _give_up(hold)
    return 0.0


def _give_up(hold: Hold) -> None:
    """A fault of our own: shown to a person, who may send it again. What is in flight is revive's."""
    with transaction.atomic():
        row = locks.find(hold.noun, hold.record_id)
        delivery = locks.delivery(hold.delivery_id)
        if delivery.lease_owner != hold.owner:
            return
        if row is None:
            if delivery.state in (*Delivery.UNSENT, Delivery.State.UNKNOWN):
                gone.end(delivery)
        elif delivery.state in Delivery.UNSENT:
            delivery.state, delivery.reason = Delivery.State.FAILED, "internal_error"
            delivery.cause_key, delivery.settled_at = delivery.reason, db_now()
            delivery.needs_person_since = delivery.settled_at
            delivery.lease_owner = delivery.lease_until = None
            delivery.save()
            mark(row, record_word(delivery))
    crash_point("given_up")


def record_gone(hold: Hold) -> bool:
    """Whether the record is gone here: then the delivery is ended, or a person is asked."""
    if RECORDS[hold.noun].objects.filter(pk=hold.record_id).exists():
        return False
    _give_up(hold)
    return True


def handle(hold: Hold) -> float:
    """Bring one claimed delivery as far as it goes; seconds for which the lane had better rest."""
    delivery = hold.delivery
    with correlation.correlated(delivery.correlation_id):
        try:
            if delivery.kind in reading.KINDS:
                return reading.handle(hold, delivery)
            row = ready(hold)
            if row is None:
                return 0.0
            if doubting.is_due(delivery, row):
                doubting.doubt(hold)
                return 0.0
            return update(hold) if looking.is_due(delivery, row) else send(hold, row)
        except NotNow as error:
            claims.put_back(hold, max(error.wait, 0.2))
            return min(error.wait, 1.0)
        except EnvironmentMismatch as error:
            brakes.stop_all(str(error))
            claims.put_back(hold, 0.0)
            return 0.0
        except LeaseLost:
            return 0.0
        except NoKey:
            claims.put_back(hold, NO_REDIS_WAIT)
            return 0.0
        except ObjectDoesNotExist:
            if not record_gone(hold):
                raise
            return 0.0


def update(hold: Hold) -> float:
    """Look at what stands there, then send what is still ours to say. Raises NotNow, LeaseLost."""
    try:
        looking.first(hold, hold.delivery)
    except NotNow:
        storms.look(hold.delivery.key)
        raise
    hold = claims.renew(hold)
    seen = ready(hold)
    return 0.0 if seen is None else send(hold, seen)


def send(hold: Hold, row: Mirror) -> float:
    """Reserve a sending time, then one request. Raises LeaseLost."""
    gateway = Gateway(hold.delivery.key, context_of(hold.delivery))
    try:
        reservation = gateway.reserve()
    except LimiterUnavailable:
        claims.put_back(hold, NO_REDIS_WAIT)
        return NO_REDIS_WAIT
    if not reservation.granted:
        claims.put_back(hold, reservation.wait)
        return min(reservation.wait, 1.0)
    time.sleep(reservation.wait)
    crash_point("reserved")
    begun = begin(hold, row)
    if begun is not None:
        transmit(begun)
    return 0.0


def resend(hold: Hold) -> None:
    """A create that two look-ups did not find: sent again by the hands that looked. Raises LeaseLost."""
    gateway = Gateway(hold.delivery.key, context_of(hold.delivery))
    begun = begin(walks.reserve(gateway, hold), locks.read(hold.noun, hold.record_id))
    if begun is not None:
        transmit(begun)


def transmit(begun: Begun) -> None:
    """The request and what became of it. Raises LeaseLost when nothing was sent."""
    step = begun.step
    gateway = Gateway(begun.delivery.key, begun.context, guard=guard(begun))
    try:
        request = gateway.prepare(step.operation, path=step.path, body=step.body)
        reply = gateway.client.send(request, must_end_by=begun.hold.must_end_by)
    except InvalidRequest as error:
        _refuse(begun, error)
        return
    except LeaseTooShort:
        unsend(begun, "lease_too_short")
        return
    except Held:  # restored under our hands: this very delivery may have been sent in the lost hours
        unsend(begun, "held")
        return
    state = settle(begun.delivery, begun.attempt, Result.of(reply, begun.delivery.noun), begun.row)
    _learn(gateway, reply)
    watch.after(begun.delivery, state)


def _learn(gateway: Gateway, reply: Reply) -> None:
    """What the answer says besides; the first accepted write ties this deployment to its environment."""
    try:
        known = gateway.learn(reply)
        if known is None and reply.outcome is Outcome.ACCEPTED:
            stamp(environment_name(), reply.headers.get(INSTANCE_HEADER, ""))
    except (EnvironmentMismatch, OtherEnvironment) as error:
        brakes.stop_all(str(error))


def _refuse(begun: Begun, error: InvalidRequest) -> None:
    """Our own contract models refused the body: nothing was sent, and a person must mend the record."""
    errors = {name.rpartition(".")[2]: [kind] for name, kind in error.attributes.items()}
    result = Result(Outcome.REJECTED, "contract", {}, errors, None)
    watch.after(begun.delivery, settle(begun.delivery, begun.attempt, result, begun.row))
