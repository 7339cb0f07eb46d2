"""Claims: who holds a delivery, and until when, on the database's clock. Owns leases; imports models only.

A claim is a commit of its own: a lease, the state stays. Whether it still holds is asked in each later
transaction, under the row's lock. An expired claim without an Attempt is simply free.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import connection

from partnerportal.accounts.models import ApiKey
from partnerportal.audit.journal import Guard
from partnerportal.delivery import locks, rows
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.payloads import Step
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.statements import run
from partnerportal.records.models import Mirror


class LeaseLost(Exception):
    """Another worker took the delivery back: nothing more may be done with it here."""


@dataclass(frozen=True)
class Hold:
    """A claimed delivery, as it was then, with its key. `must_end_by` is of time.monotonic, taken before the
    claim: the lease's end.
    """

    delivery: Delivery
    owner: uuid.UUID
    must_end_by: float

    @property
    def delivery_id(self) -> int:
        return self.delivery.pk

    @property
    def noun(self) -> str:
        return self.delivery.noun

    @property
    def record_id(self) -> int:
        return self.delivery.record_id


# What is asked on the database's clock (clock_timestamp), never on a worker's. Each condition is a subquery
# of its own, so that PostgreSQL asks it of one delivery after the other by its key: as joins it reads all
# that ever were in flight since the last vacuum, for each claim (measured).
# The money of one patient goes out in the order it was asked for: in that order it was checked.
# A balance is read when its account is quiet.
# A record's next delivery waits while one of the same record is in flight; a key that was refused or
# revoked, and whatever is braked, keeps its deliveries waiting where they stand.
_STILL = "delivery_delivery.lease_until > clock_timestamp()"
_FREE = "(d.lease_until IS NULL OR d.lease_until < clock_timestamp())"
_NOT_BRAKED = """
(SELECT k.state NOT IN ('refused', 'revoked') FROM accounts_apikey k WHERE k.id = d.key_id)
AND (SELECT COUNT(*) = 0 FROM delivery_brake b WHERE b.released_at IS NULL AND (b.scope = 'all'
    OR (b.scope = 'key' AND b.target_id = d.key_id)
    OR (b.scope = 'enterprise' AND b.target_id = d.enterprise_id)))
"""
_CLAIM = """
UPDATE delivery_delivery c SET lease_owner = %s, lease_until = clock_timestamp() + make_interval(secs => %s)
FROM accounts_apikey key WHERE key.id = c.key_id AND c.id = (
    SELECT d.id FROM delivery_delivery d WHERE {which} AND {free} AND {allowed}
    ORDER BY {order} LIMIT 1 FOR NO KEY UPDATE OF d SKIP LOCKED)
RETURNING {columns}
"""
_PUT_BACK = """
UPDATE delivery_delivery SET lease_owner = NULL, lease_until = NULL,
    next_at = clock_timestamp() + make_interval(secs => %(pause)s),
    confirm_at = CASE WHEN confirm_at IS NULL THEN NULL
        ELSE clock_timestamp() + make_interval(secs => %(pause)s) END
WHERE id = %(id)s AND lease_owner = %(owner)s AND state <> 'in_flight'
"""
_IN_FLIGHT = """
WITH seen AS ({row}), held AS (
    UPDATE delivery_delivery SET state = 'in_flight', reason = '', attempts = attempts + 1, sameness = %s,
        floor = COALESCE(floor, {floor})
    WHERE (SELECT COUNT(*) FROM seen WHERE written_by = %s) = 1
        AND id = %s AND state IN (%s, %s) AND lease_owner = %s AND lease_until > clock_timestamp()
    RETURNING id, attempts, floor, key_id, lane, batch_id
), made AS (
    INSERT INTO delivery_attempt (delivery_id, number, operation, payload, record_version, outcome, reason)
    SELECT id, attempts, %s, %s, %s, '', '' FROM held RETURNING id
)
SELECT made.id, held.attempts, held.floor, held.key_id, held.lane, held.batch_id FROM made, held
"""
_SENDING = """
SELECT 1 FROM delivery_attempt a JOIN delivery_delivery d ON d.id = a.delivery_id
WHERE a.id = %s AND a.ended_at IS NULL AND d.lease_owner = %s AND d.lease_until > clock_timestamp()
FOR NO KEY UPDATE OF a
"""
_EXISTS = "SELECT EXISTS (SELECT 1 FROM delivery_delivery d WHERE {which} AND {free} AND {allowed})"
_DUE = {
    "which": """d.lane = %s AND d.state IN ('pending', 'waiting') AND d.next_at <= clock_timestamp()
    AND (SELECT COUNT(*) = 0 FROM delivery_delivery s WHERE s.noun = d.noun AND s.record_id = d.record_id
        AND s.state IN ('in_flight', 'unknown'))
    AND (d.account_pk IS NULL OR (SELECT COUNT(*) = 0 FROM delivery_delivery e
        WHERE e.account_pk = d.account_pk AND e.id < d.id
        AND e.state IN ('pending', 'waiting', 'in_flight', 'unknown')))
    AND (d.kind <> 'compare' OR (SELECT COUNT(*) = 0 FROM delivery_delivery e
        WHERE e.account_pk = d.record_id AND e.needs_person_since IS NULL
        AND e.state IN ('pending', 'waiting', 'in_flight', 'unknown')))
    AND (SELECT COUNT(*) = 0 FROM jobs_job j WHERE j.id = d.batch_id AND j.state = 'paused')""",
    "free": _FREE,
    "allowed": _NOT_BRAKED,
    "order": "d.turn, d.id",
}
NEAR = 2.0  # seconds: so long a sender waits for what was put back, instead of for the next sweep
_SOON = {
    **_DUE,
    "which": _DUE["which"].replace(
        "<= clock_timestamp()", "<= clock_timestamp() + make_interval(secs => %s)"
    ),
}
_FIRST = """
SELECT EXTRACT(EPOCH FROM MIN(d.next_at) - clock_timestamp()) FROM delivery_delivery d
WHERE {which} AND {free} AND {allowed}
"""
_LOOKUP = {
    "which": "d.needs_person_since IS NULL AND d.next_at <= clock_timestamp() AND d.state = 'unknown'",
    "free": _FREE,
    "allowed": _NOT_BRAKED,
    "order": "d.next_at, d.id",
}
_CONFIRM = {
    "which": "d.confirm_at <= clock_timestamp() AND d.state = 'delivered'",
    "free": _FREE,
    "allowed": _NOT_BRAKED,
    "order": "d.confirm_at, d.id",
}


def claim_due(lane: str) -> Hold | None:
    """The next delivery of a lane that may be sent now."""
    return _claim(_DUE, lane)


def claim_lookup() -> Hold | None:
    """The next unknown delivery whose look-up is due."""
    return _claim(_LOOKUP)


def claim_confirmation() -> Hold | None:
    """The next re-sent and accepted delivery that is to be looked at once more."""
    return _claim(_CONFIRM)


def is_due(lane: str) -> bool:
    """Whether `claim_due` would find one: by the very same conditions, or a brake would make workers spin."""
    return _exists(_DUE, lane)


def due_in(lane: str) -> float | None:
    """Seconds until the next one of a lane is due, where that is within NEAR; None where nothing is."""
    row = run(_FIRST.format(**_SOON), [lane, NEAR])
    return None if row is None or row[0] is None else max(0.0, float(row[0]))


def lookups_due() -> bool:
    """Whether `claim_lookup` or `claim_confirmation` would find one."""
    return _exists(_LOOKUP) or _exists(_CONFIRM)


def _exists(conditions: dict[str, str], *values: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_EXISTS.format(**conditions), values)
        row = cursor.fetchone()
    return bool(row and row[0])


def _claim(conditions: dict[str, str], *values: str) -> Hold | None:
    owner, began = uuid.uuid4(), time.monotonic()
    row = run(_CLAIM.format(columns=_columns(), **conditions), [owner, settings.DELIVERY_LEASE, *values])
    if row is None:
        return None
    crash_point("claimed")
    delivery = rows.build(Delivery, row[: rows.width(Delivery)])
    delivery.key = rows.build(ApiKey, row[rows.width(Delivery) :])
    return Hold(delivery, owner, began + settings.DELIVERY_LEASE)


def _columns() -> str:
    return f"{rows.columns(Delivery, 'c')}, {rows.columns(ApiKey, 'key')}"


def renew(hold: Hold) -> Hold:
    """A fresh lease for work of several requests. Raises LeaseLost."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET lease_until = clock_timestamp() + make_interval(secs => %s)"
            " WHERE id = %s AND lease_owner = %s AND lease_until > clock_timestamp()",
            [settings.DELIVERY_LEASE, hold.delivery_id, hold.owner],
        )
        if cursor.rowcount != 1:
            raise LeaseLost
    crash_point("lease_renewed")
    return replace(hold, must_end_by=began + settings.DELIVERY_LEASE)


def put_back(hold: Hold, seconds: float) -> None:
    """Let go of a delivery that was not sent, or not looked at; it is due again after `seconds`.

    One that is in flight keeps its lease: only `revive` may say what became of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK, {"pause": seconds, "id": hold.delivery_id, "owner": hold.owner})
    crash_point("put_back")


def held(hold: Hold) -> Delivery:
    """The delivery under its row lock, in the current transaction; its record is locked already.

    Raises LeaseLost, also where somebody has cancelled it since.
    """
    mine = Delivery.objects.select_related("key").filter(pk=hold.delivery_id, lease_owner=hold.owner)
    mine = mine.exclude(state=Delivery.State.CANCELLED)
    found: Delivery | None = locks.locking(mine).extra(where=[_STILL]).first()  # noqa: S610  no value in it
    if found is None:
        raise LeaseLost
    return found


def put_in_flight(hold: Hold, row: Mirror, step: Step, floor: str) -> Attempt | None:
    """tx 1 in one statement: the held delivery in flight, with the attempt that is about to be sent.

    Locks the record, then the delivery. None where the record was written since `row` was read, the lease
    was lost, or the delivery is no longer what was claimed: cancelled, say. `floor` is SQL for the highest
    id seen of the noun. Where its key was changed since the claim, it is sent on the new one.
    """
    attempt = Attempt(
        delivery=hold.delivery, operation=step.operation, payload=step.sent, record_version=row.version
    )
    stored = Attempt._meta.get_field("payload").get_db_prep_value(step.sent, connection)
    sendable = ("unknown", "unknown") if hold.delivery.state == "unknown" else Delivery.DUE
    values = [row.pk, step.sameness, locks.written_by(row), hold.delivery_id, *sendable, hold.owner]
    values += [step.operation, stored, row.version]
    found = run(_IN_FLIGHT.format(floor=floor, row=locks.writer_under_lock(row.noun)), values)
    if found is None:
        return None
    delivery = hold.delivery
    delivery.state, delivery.reason, delivery.sameness = Delivery.State.IN_FLIGHT, "", step.sameness
    attempt.pk, attempt.number, delivery.floor, key_id, delivery.lane, delivery.batch_id = found
    delivery.attempts, attempt._state.adding = attempt.number, False
    if key_id != delivery.key_id:
        delivery.key = ApiKey.objects.get(pk=key_id)
    return attempt


def still_sending(hold: Hold, attempt_id: int) -> Guard:
    """Lets an Exchange in, and locks its attempt, while that is open and the lease holds; else LeaseLost."""
    return Guard(_SENDING, (attempt_id, hold.owner), LeaseLost())
