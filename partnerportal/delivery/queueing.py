"""Places in the lanes, and the doorbell. Enterprises take turns: start-time fair queueing over turns.

A new delivery's turn lies after its enterprise's last one, but never before the lane's current turn; so a
bulk job of one enterprise can't keep another's three deliveries waiting behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from partnerportal.delivery.models import Delivery
from partnerportal.jobs.models import Job
from partnerportal.kernel.dispatch import ring
from partnerportal.kernel.ids import record_name

LANES = ("interactive", "bulk", "background")
DRIVE, RESOLVE = "partnerportal.delivery.tasks.drive", "partnerportal.delivery.tasks.resolve"
ENQUEUE = "partnerportal.delivery.tasks.enqueue"
_TURN = """
SELECT GREATEST(
    COALESCE((SELECT MAX(turn) + 1 FROM delivery_delivery WHERE lane = %(lane)s AND enterprise_id = %(e)s
        AND state IN ('pending', 'waiting', 'blocked')), 0),
    COALESCE((SELECT MIN(turn) FROM delivery_delivery WHERE lane = %(lane)s
        AND state IN ('pending', 'waiting')), 0))
"""


def next_turn(lane: str, enterprise_id: int | None) -> int:
    """The first free turn of an enterprise in a lane."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN, {"lane": lane, "e": enterprise_id})
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class Place:
    """Which record a delivery is of, and where it stands: lane and turn."""

    noun: str
    record_id: int
    enterprise_id: int
    lane: str
    turn: int


def of_job(job: Job, place: Place, **more: Any) -> Delivery:
    """A delivery, not saved, that a job asks for: on the job's key and in its asker's name."""
    return Delivery(
        **vars(place),
        key_id=job.report["key"],
        actor=job.actor,
        origin="console" if job.actor.startswith("user:") else "command",
        cause=record_name(job.noun, job.pk),
        batch=job,
        correlation_id=job.correlation_id,
        **more,
    )


def ring_lane(lane: str, times: int = 1) -> None:
    """On commit, ask workers of the lane to look."""
    for _ in range(times):
        ring(DRIVE, lane, queue=lane)
