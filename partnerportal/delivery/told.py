"""What was told of a create whose outcome is unknown, by an event or another list: evidence for it.

A look reads the create's own list. What was told of besides, and that list did not show, is read by its id
and joins what the look saw. Source: contract 8. Imports walks and matching.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import walks
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.walks import Walked
from partnerportal.records import matching
from partnerportal.records.models import Mirror


def join(
    seen: Walked, gateway: Gateway, hold: Hold, delivery: Delivery, row: Mirror, sent: list[dict[str, Any]]
) -> Walked:
    """`seen` and, of what was told of, the records that it did not show. Raises NotNow, LeaseLost."""
    names = {matching.name_key(row.noun, payload) for payload in sent}
    shown = {record["id"] for record in seen.rows}
    for remote_id in matching.told_of(row, names, above=delivery.floor or 0):
        if remote_id not in shown:
            seen = _with(seen, gateway, hold, row, remote_id)
    return seen


def _with(seen: Walked, gateway: Gateway, hold: Hold, row: Mirror, remote_id: int) -> Walked:
    reply = walks.one(gateway, hold, row.wire.resource, remote_id)
    found = [reply.record(row.noun)] if reply.outcome is Outcome.ACCEPTED else []
    return replace(
        seen,
        rows=[*seen.rows, *found],
        exchanges=[*seen.exchanges, reply.exchange_id or 0],
        told={*seen.told, *(record["id"] for record in found)},
    )
