"""One reading call of a pull: a reserved time, a fresh lease, limiter and audit. Imports the gateway."""

from __future__ import annotations

import time
from typing import Any

from integrations.inboxhealth.errors import LimiterUnavailable
from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.wire import Reply
from partnerportal.accounts.gateway import Gateway
from partnerportal.audit.context import Context
from partnerportal.jobs.models import Job
from partnerportal.sync import leases
from partnerportal.sync.leases import Lease
from partnerportal.sync.models import Pull, PullPart

PATIENCE = 20.0  # seconds to wait for a sending time before the part is put off
ORIGINS = {"user": "console", "command": "command"}


class NotNow(Exception):
    """No sending time, or the API asked for a pause: later, and not as a try. `wait`: seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__("not now")
        self.wait = wait


class Refused(Exception):
    """The key was refused: nothing can be read on it."""


def context_of(pull: Pull, part: PullPart | None = None) -> Context:
    """Who reads: the person or the schedule that started the pull, in the background."""
    job: Job = pull.job
    return Context(
        actor=job.actor,
        origin=ORIGINS.get(job.actor.partition(":")[0], "schedule"),
        lane="background",
        enterprise=part.enterprise_id if part else pull.enterprise_id,
        cause=f"job:{job.short_id}",
    )


def fetch(gateway: Gateway, lease: Lease, operation: str, **parts: Any) -> Reply:
    """Raises NotNow, Refused, LeaseLost."""
    _reserve(gateway, lease)
    reply = gateway.call(operation, must_end_by=lease.must_end_by, **parts)
    if reply.outcome is Outcome.UNAUTHORISED:
        raise Refused
    if reply.status == 429:
        raise NotNow(reply.retry_after or 2.0)
    return reply


def _reserve(gateway: Gateway, lease: Lease) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        leases.renew(lease)
        try:
            reservation = gateway.reserve()
        except LimiterUnavailable:
            raise NotNow(5.0) from None
        if reservation.granted:
            time.sleep(reservation.wait)
            return
        if time.monotonic() + reservation.wait > until:
            raise NotNow(reservation.wait)
        time.sleep(min(reservation.wait, 2.0))
