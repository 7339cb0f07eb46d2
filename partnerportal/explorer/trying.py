"""Runs one operation for a person: allowed? prepared, noted, sent once, entered into the mirror.

One of the three calls that a page may wait for (law 8): 10 s at most, of which 2 for a sending time. Imports
the gateway, audit, and the rest of this package.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from integrations.inboxhealth.errors import EnvironmentMismatch, InvalidRequest, LimiterUnavailable
from integrations.inboxhealth.operations import OPERATIONS, Operation
from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.wire import Reply, WireRequest
from partnerportal.accounts import gateway, stamp
from partnerportal.accounts.gateway import Busy, Gateway
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit import checkpoint, entries
from partnerportal.audit.context import Context
from partnerportal.audit.models import Exchange
from partnerportal.explorer import entering
from partnerportal.explorer.about import about
from partnerportal.explorer.allowed import Refusal, refusal, stopped
from partnerportal.explorer.models import Trial
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now

WITHIN, DEADLINE = 2.0, 8.0  # seconds: for a sending time, and for the call


class NotSent(Exception):
    """Nothing was sent. `reason` is a word; `detail` says more: attributes, seconds, whose stop."""

    def __init__(self, reason: str, detail: Any = None) -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class SentBefore(Exception):
    """This very form was sent already; `trial` is what came of it."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(str(trial))
        self.trial = trial


@dataclass(frozen=True)
class Asked:
    """What a person wants to run: names and values as they will be sent. `body` holds its root key."""

    operation: Operation
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None

    @property
    def parts(self) -> dict[str, Mapping[str, Any] | None]:
        return {"path": self.path, "query": self.query, "body": self.body}


def prepared(asked: Asked, staff: Staff, context: Context) -> tuple[WireRequest, ApiKey]:
    """The request as it would go out, and on which key; nothing is sent. Raises NotSent."""
    against = refusal(staff, asked.operation)
    if against is not Refusal.NONE:
        raise NotSent(against)
    key = gateway.key_for(staff)
    if key is None:
        raise NotSent("no_key")
    try:
        return Gateway(key, context).prepare(asked.operation.name, **asked.parts), key
    except InvalidRequest as error:
        raise NotSent("not_valid", error.attributes) from None


def run(asked: Asked, staff: Staff, context: Context, token: uuid.UUID) -> Trial:
    """Send once, outside any transaction (law 2). Raises NotSent, SentBefore."""
    told = about(context, asked.operation, asked.path, asked.body or {})
    _, key = prepared(asked, staff, told)
    _may_go_out(asked.operation, key, told)
    trial = _noted(asked, staff, told, token)
    began = db_now()
    try:
        caller = Gateway(key, told, keep_lists=True, deadline=DEADLINE)
        reply = caller.call_waiting(asked.operation.name, within=WITHIN, **asked.parts)
    except (Busy, LimiterUnavailable) as error:
        trial.problem = "busy" if isinstance(error, Busy) else "limiter"
        trial.save(update_fields=["problem"])
        raise NotSent(trial.problem, getattr(error, "wait", None)) from None
    except EnvironmentMismatch:
        return _elsewhere(trial, told)
    return _settled(trial, asked, reply, told, key, began)


def _may_go_out(operation: Operation, key: ApiKey, told: Context) -> None:
    try:
        stamp.verify()
    except stamp.OtherEnvironment as error:
        raise NotSent("environment", str(error)) from None
    if not checkpoint.is_allowed() and checkpoint.renew() is not None:
        raise NotSent("stopped", "This database may not be the newest one.")
    brake = stopped(key, told.enterprise) if operation.writes else None
    if brake is not None:
        raise NotSent("stopped", brake.reason)


def _noted(asked: Asked, staff: Staff, told: Context, token: uuid.UUID) -> Trial:
    try:
        with transaction.atomic():
            trial = Trial.objects.create(token=token, staff=staff, operation=asked.operation.name)
            entries.write("try_it_run", told, {"operation": asked.operation.name})
    except IntegrityError:
        raise SentBefore(Trial.objects.get(token=token)) from None
    return trial


def _elsewhere(trial: Trial, told: Context) -> Trial:
    """The answer came from another environment than this deployment's; whatever it says is not about ours."""
    sent = Exchange.objects.filter(
        correlation_id=correlation.current(), actor=told.actor, origin="explorer", operation=trial.operation
    )
    trial.exchange, trial.problem = sent.values_list("pk", flat=True).last(), "environment"
    trial.save()
    return trial


def _settled(trial: Trial, asked: Asked, reply: Reply, told: Context, key: ApiKey, began: Any) -> Trial:
    trial.exchange, trial.budget = reply.exchange_id, _budget(key)
    trial.save()
    if reply.outcome is Outcome.ACCEPTED and asked.operation.writes:
        sent = {**asked.path, **(asked.body or {})}
        entered = entering.enter(asked.operation, sent, reply.data, told, began)
        trial.mirrored, trial.record = entered.word, entered.record
        trial.save()
    return trial


def _budget(key: ApiKey) -> float | None:
    try:
        return gateway.limiter().level(key.fingerprint)
    except LimiterUnavailable:
        return None


def operation(name: str) -> Operation | None:
    """An operation of the table by its name."""
    return OPERATIONS.get(name)
