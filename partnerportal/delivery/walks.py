"""Reading a list at Inbox Health page by page, each page through limiter and audit. Imports gateway, claims.

A descending walk ends at the floor; where the API does not keep that order [A], an ascending one reads all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from integrations.inboxhealth.errors import LimiterUnavailable
from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.pagination import State, Walk
from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import claims
from partnerportal.delivery.claims import Hold

RETRY = 2.0  # seconds until a list that could not be read is asked for again
READABLE = (Outcome.ACCEPTED, Outcome.GONE, Outcome.REJECTED)
PATIENCE = 60.0  # seconds to wait for a sending time before the look is put off


class NotNow(Exception):
    """The list could not be read now: no sending time, or no answer. `wait`: seconds, `reason`: a word."""

    def __init__(self, reason: str, wait: float = RETRY) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


@dataclass
class Walked:
    """What a walk saw. `proven`: the order held, each row was of the parent, the pages were complete.

    `told`: ids of rows that no page showed, read one by one because something else told of them.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    proven: bool = False
    reason: str = ""
    exchanges: list[int] = field(default_factory=list)
    told: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Listing:
    """Which list: the operation, its root key, path, and what each row must carry."""

    operation: str
    root: str
    path: dict[str, Any] = field(default_factory=dict)
    parent: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def below(cls, enterprise_id: int, resource: str) -> Listing:
        """A sub-collection of an enterprise: documented, and in no need of a filter. Contract 4 [D]."""
        return cls(
            f"enterprises.{resource}", resource, {"id": enterprise_id}, {"enterprise_id": enterprise_id}
        )


ENTERPRISES = Listing("enterprises.list", "enterprises")


def read(gateway: Gateway, hold: Hold, listing: Listing, *, above: int | None = None) -> Walked:
    """All rows of a list above the floor. Raises NotNow, LeaseLost."""
    first = _read(gateway, hold, listing, "desc", above)
    if first.proven:
        return first
    second = _read(gateway, hold, listing, "asc", None)
    return Walked(second.rows, second.proven, second.reason, first.exchanges + second.exchanges)


def _read(gateway: Gateway, hold: Hold, listing: Listing, order: Any, above: int | None) -> Walked:
    walk, seen = Walk(listing.root, order=order, parent=listing.parent, above=above), Walked()
    while walk.state is State.MORE:
        reply = fetch(gateway, hold, listing.operation, path=listing.path, query=walk.query)
        seen.exchanges.append(reply.exchange_id or 0)
        if reply.outcome in (Outcome.REJECTED, Outcome.GONE):
            seen.reason = f"refused_{reply.reason}"
            return seen
        if reply.outcome is not Outcome.ACCEPTED:
            raise NotNow(reply.reason, reply.retry_after or RETRY)
        seen.rows.extend(walk.feed(reply.data))
    seen.proven, seen.reason = walk.proven, walk.reason or ("" if walk.proven else "not_shown")
    return seen


def one(gateway: Gateway, hold: Hold, resource: str, remote_id: int | None) -> Any:
    """One record by its id: accepted, gone or refused. Raises NotNow, LeaseLost."""
    reply = fetch(gateway, hold, f"{resource}.get", path={"id": remote_id})
    if reply.outcome not in READABLE:
        raise NotNow(reply.reason, reply.retry_after or RETRY)
    return reply


def fetch(gateway: Gateway, hold: Hold, operation: str, **parts: Any) -> Any:
    """One reading call at a reserved time, under a fresh lease. Raises NotNow, LeaseLost."""
    hold = reserve(gateway, hold)
    return gateway.call(operation, must_end_by=hold.must_end_by, **parts)


def reserve(gateway: Gateway, hold: Hold) -> Hold:
    """Wait for a sending time, renewing the lease meanwhile; the fresh lease. Raises NotNow, LeaseLost."""
    until = time.monotonic() + PATIENCE
    while True:
        hold = claims.renew(hold)
        try:
            reservation = gateway.reserve()
        except LimiterUnavailable:
            raise NotNow("limiter_unavailable") from None
        if not reservation.granted and time.monotonic() + reservation.wait > until:
            raise NotNow("no_sending_time", reservation.wait)
        time.sleep(reservation.wait if reservation.granted else min(reservation.wait, 2.0))
        if reservation.granted:
            return hold
