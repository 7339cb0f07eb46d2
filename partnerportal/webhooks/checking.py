"""What is registered there against what is wanted here: repaired through the outbox, or reported.

Where Inbox Health lists no endpoints [A] it says "cannot", never "same". Imports the gateway and endpoints.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from integrations.inboxhealth.errors import EnvironmentMismatch, LimiterUnavailable
from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.pagination import State, Walk
from partnerportal.accounts.gateway import Gateway, service_key
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.kernel.clock import db_now
from partnerportal.records import apply
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.endpoints import touch

Check = Endpoint.Check
PATIENCE = 60.0  # seconds to wait for a sending time


def check(context: Context) -> None:
    """Every endpoint that is to be registered there."""
    wanted = list(Endpoint.objects.filter(removed=False).exclude(remote_id=None))
    key = service_key()
    if not wanted or key is None:
        return
    found = _listed(Gateway(key, context.about(lane="background")))
    for endpoint in wanted:
        _compare(context, endpoint, found)


def _listed(gateway: Gateway) -> dict[int, dict[str, Any]] | Check:
    """{id: record} of all there, or why that can't be said."""
    walk, rows = Walk("endpoints", order="asc", parent={}, above=None), list[dict[str, Any]]()
    try:
        while walk.state is State.MORE:
            if not _may_send(gateway):
                return Check.UNANSWERED
            reply = gateway.call("endpoints.list", query=walk.query)
            if reply.outcome in (Outcome.REJECTED, Outcome.GONE):
                return Check.CANNOT
            if reply.outcome is not Outcome.ACCEPTED:
                return Check.UNANSWERED
            rows.extend(walk.feed(reply.data))
    except (LimiterUnavailable, EnvironmentMismatch):
        return Check.UNANSWERED
    return {row["id"]: row for row in rows} if walk.proven else Check.CANNOT


def _may_send(gateway: Gateway) -> bool:
    """Wait for a sending time; no transaction and no lock is held."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        reservation = gateway.reserve()
        time.sleep(reservation.wait if reservation.granted else min(reservation.wait, 2.0))
        if reservation.granted:
            return True
    return False


def _compare(context: Context, known: Endpoint, found: Mapping[int, Any] | Check) -> None:
    with transaction.atomic():
        row = locks.record("endpoint", known.pk)
        assert isinstance(row, Endpoint)  # noqa: S101  the noun says so
        busy = Delivery.objects.filter(noun="endpoint", record_id=row.pk, state__in=Delivery.OPEN).exists()
        if busy or row.remote_id is None or row.removed:
            return
        if isinstance(found, Check):
            row.check_result = found
        elif row.remote_id in found:
            row.check_result = _repaired(context, row, found[row.remote_id])
        else:
            row.check_result = _register_again(context, row)
        Endpoint.objects.filter(pk=row.pk).update(check_result=row.check_result, checked_at=db_now())


def _repaired(context: Context, row: Endpoint, there: Mapping[str, Any]) -> Check:
    """What stands there counts as acknowledged, so that what differs is sent."""
    row.url = row.address()
    apply.link(row, there)
    if not row.dirty:
        return Check.SAME
    detail = {"differs": row.dirty}
    entries.write("endpoint_repaired", context.about(record=row.record_name), detail)
    request_push(context, row, lane="background")
    return Check.REPAIRED


def _register_again(context: Context, row: Endpoint) -> Check:
    """It is gone there: a new one is made, at the same URL."""
    detail = {"remote_id": row.remote_id}
    row.remote_id, row.remote, row.acknowledged, row.missing_since = None, None, {}, None
    row.remote_updated_at = None
    row.save()
    entries.write("endpoint_missing_there", context.about(record=row.record_name), detail)
    request_push(context, row, lane="background")
    return Check.MISSING


def renew_addresses(context: Context) -> None:
    """After PUBLIC_URL has changed: endpoints whose URL is not what it would be are sent again."""
    for endpoint in Endpoint.objects.filter(removed=False):
        if endpoint.url != endpoint.address():
            touch(context, endpoint)
