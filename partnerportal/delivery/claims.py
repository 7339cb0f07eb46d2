"""Claims: who holds a delivery, and until when, on the database's clock. Owns leases; imports models only.

A claim is a commit of its own: a lease, the state stays. Whether it still holds is asked in each later
transaction, under the row's lock. An expired claim without an Attempt is simply free.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from partnerportal.delivery.models import Delivery
from partnerportal.kernel.crash import crash_point


class LeaseLost(Exception):
    """Another worker took the delivery back: nothing more may be done with it here."""


@dataclass(frozen=True)
class Hold:
    """A claimed delivery. `must_end_by` is of time.monotonic, taken before the claim: the lease's end."""

    delivery_id: int
    owner: uuid.UUID
    must_end_by: float


# A record's next delivery waits while one of the same record is in flight; a key that was refused or
# revoked, and whatever is braked, keeps its deliveries waiting where they stand.
_FREE = "(d.lease_until IS NULL OR d.lease_until < clock_timestamp())"
_NOT_BRAKED = """
NOT EXISTS (SELECT 1 FROM accounts_apikey k WHERE k.id = d.key_id AND k.state IN ('refused', 'revoked'))
AND NOT EXISTS (SELECT 1 FROM delivery_brake b WHERE b.released_at IS NULL AND (b.scope = 'all'
    OR (b.scope = 'key' AND b.target_id = d.key_id)
    OR (b.scope = 'enterprise' AND b.target_id = d.enterprise_id)))
"""
_CLAIM = """
UPDATE delivery_delivery SET lease_owner = %s, lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = (SELECT d.id FROM delivery_delivery d WHERE {which} AND {free} AND {allowed}
    ORDER BY {order} LIMIT 1 FOR UPDATE OF d SKIP LOCKED) RETURNING id
"""
_DUE = _CLAIM.format(
    which="""d.lane = %s AND d.state IN ('pending', 'waiting') AND d.next_at <= clock_timestamp()
    AND NOT EXISTS (SELECT 1 FROM delivery_delivery s WHERE s.noun = d.noun AND s.record_id = d.record_id
        AND s.state IN ('in_flight', 'unknown'))
    AND NOT EXISTS (SELECT 1 FROM jobs_job j WHERE j.id = d.batch_id AND j.state = 'paused')""",
    free=_FREE,
    allowed=_NOT_BRAKED,
    order="d.turn, d.id",
)
_LOOKUP = _CLAIM.format(
    which="""d.needs_person_since IS NULL AND d.next_at <= clock_timestamp() AND d.state = 'unknown'""",
    free=_FREE,
    allowed=_NOT_BRAKED,
    order="d.next_at, d.id",
)
_CONFIRM = _CLAIM.format(
    which="d.confirm_at <= clock_timestamp() AND d.state = 'delivered'",
    free=_FREE,
    allowed=_NOT_BRAKED,
    order="d.confirm_at, d.id",
)


def claim_due(lane: str) -> Hold | None:
    """The next delivery of a lane that may be sent now."""
    return _claim(_DUE, lane)


def claim_lookup() -> Hold | None:
    """The next unknown delivery whose look-up is due."""
    return _claim(_LOOKUP)


def claim_confirmation() -> Hold | None:
    """The next re-sent and accepted delivery that is to be looked at once more."""
    return _claim(_CONFIRM)


def _claim(sql: str, *values: str) -> Hold | None:
    owner, began = uuid.uuid4(), time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(sql, [owner, settings.DELIVERY_LEASE, *values])
        row = cursor.fetchone()
    if row is None:
        return None
    crash_point("claimed")
    return Hold(row[0], owner, began + settings.DELIVERY_LEASE)


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
    return Hold(hold.delivery_id, hold.owner, began + settings.DELIVERY_LEASE)


def put_back(hold: Hold, seconds: float) -> None:
    """Let go of a delivery that was not sent; it is due again after `seconds`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET lease_owner = NULL, lease_until = NULL,"
            " next_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s AND lease_owner = %s",
            [seconds, hold.delivery_id, hold.owner],
        )


def held(hold: Hold) -> Delivery:
    """The delivery under its row lock, in the current transaction. Raises LeaseLost."""
    found = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("key")
        .filter(pk=hold.delivery_id, lease_owner=hold.owner)
        .extra(where=["delivery_delivery.lease_until > clock_timestamp()"])  # noqa: S610  no value in it
        .first()
    )
    if found is None:
        raise LeaseLost
    return found
