"""The only way to Inbox Health: builds the client and hangs journal and limiter on it (law 4).

No other module may import the client; a test holds this. Imports audit, kernel, accounts' models, the client.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from integrations.inboxhealth.auth import Credential
from integrations.inboxhealth.client import Client, Reply, WireRequest
from integrations.inboxhealth.errors import EnvironmentMismatch, LimiterUnavailable
from integrations.inboxhealth.limiter import Lane, RedisLimiter, Reservation
from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.models import ApiKey, EnvironmentStamp, Staff
from partnerportal.audit import checkpoint
from partnerportal.audit.context import Context
from partnerportal.audit.journal import DatabaseJournal, Guard, Held
from partnerportal.kernel import correlation
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.statements import run

INSTANCE_HEADER = "X-Sandbox-Instance"
_HISTORY = """
SELECT EXTRACT(EPOCH FROM clock_timestamp() - started_at) FROM audit_exchange
WHERE credential_fingerprint = %s AND started_at > clock_timestamp() - make_interval(secs => %s)
"""


class NoKey(Exception):
    """There is no API key to send with: no own one, and no service key."""


class Busy(Exception):
    """No sending time within the given seconds; nothing was sent. `wait`: seconds to the next."""

    def __init__(self, wait: float) -> None:
        super().__init__("No sending time was free.")
        self.wait = wait


def recent_sends(fingerprint: str) -> list[float] | None:
    """Ages in seconds of a key's sends that still count against its bucket; None where they can't be read."""
    horizon = settings.INBOX_HEALTH_BURST / settings.INBOX_HEALTH_RATE
    try:
        with connection.cursor() as cursor:
            cursor.execute(_HISTORY, [fingerprint, horizon])
            return [float(row[0]) for row in cursor.fetchall()]
    except DatabaseError:
        return None


@cache
def limiter() -> RedisLimiter:
    """One budget per key, shared by all processes through Redis; half a second for a Redis that is silent."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0)
    )
    return RedisLimiter(
        client,
        rate=settings.INBOX_HEALTH_RATE,
        burst=settings.INBOX_HEALTH_BURST,
        senders=settings.DELIVERY_SENDERS,
        history=recent_sends,
    )


def service_key() -> ApiKey | None:
    """The default for everyone and the schedule."""
    return ApiKey.objects.filter(is_service=True, revoked_at=None).first()


def key_for(staff: Staff) -> ApiKey | None:
    """The person's own key where there is one, else the service key."""
    return ApiKey.objects.filter(owner=staff, revoked_at=None).first() or service_key()


class Gateway:
    """Calls on one key in one context. `key` is None only for generating a sandbox key."""

    def __init__(
        self,
        key: ApiKey | None,
        context: Context,
        *,
        guard: Guard | None = None,
        keep_lists: bool = False,
        deadline: float | None = None,
    ) -> None:
        if key is not None and key.revoked_at is not None:
            raise NoKey
        self.key, self.context = key, context
        self.fingerprint = key.fingerprint if key else "none"
        credential = Credential(key.key, key.scheme) if key else None  # type: ignore[arg-type]
        journal = DatabaseJournal(
            context, self.fingerprint, environment_name(), guard=guard, keep_lists=keep_lists
        )
        self.client = Client(
            settings.INBOX_HEALTH_BASE_URL,
            credential,
            journal,
            deadline=deadline or settings.INBOX_HEALTH_DEADLINE,
            correlation_id=correlation.current,
        )

    def reserve(self, within: float = 2.0) -> Reservation:
        """A sending time in the context's lane. Raises LimiterUnavailable: no Redis, no send; nor without a
        permit (audit.checkpoint).
        """
        if not checkpoint.is_allowed() and checkpoint.renew() is not None:
            raise Held()
        return limiter().reserve(self.fingerprint, Lane(self.context.lane), within)

    def prepare(self, operation: str, **parts: Mapping[str, Any] | None) -> WireRequest:
        return self.client.prepare(operation, **parts)

    def send(self, request: WireRequest, *, must_end_by: float | None = None) -> Reply:
        """Send once. Raises LeaseTooShort and what the guard raises; EnvironmentMismatch after the answer."""
        reply = self.client.send(request, must_end_by=must_end_by)
        self.learn(reply)
        return reply

    def call(
        self, operation: str, *, must_end_by: float | None = None, **parts: Mapping[str, Any] | None
    ) -> Reply:
        """Prepare and send; the caller has reserved."""
        return self.send(self.prepare(operation, **parts), must_end_by=must_end_by)

    def call_waiting(
        self, operation: str, *, within: float = 10.0, **parts: Mapping[str, Any] | None
    ) -> Reply:
        """Reserve, wait for the time, call. For the three calls a page may make. Raises Busy."""
        request = self.prepare(operation, **parts)
        reservation = self.reserve(within)
        if not reservation.granted:
            raise Busy(reservation.wait)
        time.sleep(reservation.wait)
        return self.send(request)

    def learn(self, reply: Reply) -> EnvironmentStamp | None:
        """What an answer says besides: an empty bucket, a refused key, another environment.

        Returns the stamp of this deployment where it has one. Raises EnvironmentMismatch.
        """
        if reply.status == 429:
            self._empty_bucket()
        if self.key is not None and self.key.pk is not None:
            self._judge(self.key, reply.outcome)
        return None if self.key is None else _compared(reply.headers.get(INSTANCE_HEADER, ""))

    @staticmethod
    def _judge(key: ApiKey, outcome: Outcome) -> None:
        """A refusal marks the key; a success on one that was never tested is its test."""
        now, alive = timezone.now(), ApiKey.objects.filter(pk=key.pk, revoked_at=None)
        if outcome is Outcome.UNAUTHORISED:
            alive.update(state=ApiKey.State.REFUSED, refused_at=now)
            crash_point("key_judged")
        elif outcome is Outcome.ACCEPTED and key.state == ApiKey.State.NOT_TESTED:
            key.state = ApiKey.State.WORKING  # asked once a process, not with each answer
            alive.filter(state=ApiKey.State.NOT_TESTED).update(state=key.state, tested_at=now)
            crash_point("key_judged")

    def _empty_bucket(self) -> None:
        try:
            limiter().drain(self.fingerprint)
        except LimiterUnavailable:
            return  # without Redis nothing is sent; once it is back, the bucket is rebuilt from the exchanges


def _compared(found: str) -> EnvironmentStamp | None:
    row = run("SELECT name, instance FROM accounts_environmentstamp", [])
    known = EnvironmentStamp(name=row[0], instance=row[1]) if row else None
    if known is not None:
        other = bool(found and known.instance and known.instance != found)
        if other or known.name != environment_name():
            raise EnvironmentMismatch(str(known), f"{environment_name()} {found}".strip())
    return known
