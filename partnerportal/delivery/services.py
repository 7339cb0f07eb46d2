"""What pages, commands and the schedule may ask of the outbox. One transaction each: row, entry, doorbell.

Imports models, queueing, audit and accounts. Nothing here waits for Inbox Health.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import NoKey, key_for, service_key
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import holding, locks
from partnerportal.delivery.holding import ASKS
from partnerportal.delivery.models import Delivery, DeliveryQuerySet
from partnerportal.delivery.queueing import next_turn, ring_lane
from partnerportal.delivery.words import mark, record_word
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.records.models import Mirror
from partnerportal.records.rules import Problem

__all__ = ["NoKey", "NotPossible", "NotValid", "request_link", "request_push", "request_remove"]


REMOVABLE = ("practice", "doctor", "invoice", "line_item", "endpoint")  # what the API documents a delete of


class NotValid(Exception):
    """The record can't be sent yet. `problems`: why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(p.attribute for p in problems))
        self.problems = problems


class NotPossible(Exception):
    """What was asked does not fit the state it is in; the text is for the user."""


def key_of(context: Context, noun: str = "") -> ApiKey:
    """The key for what this actor asks: a person's own or the service key. Raises NoKey.

    Endpoints are always registered on the service key: events are signed with the key that registered them.
    """
    kind, _, name = context.actor.partition(":")
    own = kind == "user" and noun != "endpoint"
    staff = Staff.objects.filter(username=name).first() if own else None
    key = key_for(staff) if staff else service_key()
    if key is None:
        raise NoKey
    return key


def request_push(
    context: Context, record: Mirror, *, lane: str = "interactive", batch: Job | None = None
) -> Delivery:
    """Queue what brings the twin to what the record is. Several before sending become one delivery.

    Raises NoKey, NotValid.
    """
    key = key_of(context, record.noun)
    with transaction.atomic():
        row = holding.held(record)
        if row.not_valid:
            raise NotValid(row.problems())
        delivery = _join_or_make(context, row, Delivery.Kind.PUSH, key, lane, batch)
        entries.write(f"{row.noun}_pushed", _about(context, row), {"delivery": delivery.short_id})
        ring_lane(lane)
    record.refresh_from_db(fields=["delivery_state", "sync_state"])
    return delivery


def request_remove(context: Context, record: Mirror) -> Delivery:
    """Queue the delete of a record there, where the API has one. Raises NoKey, NotPossible."""
    key = key_of(context, record.noun)
    if record.noun not in REMOVABLE or record.remote_id is None:
        raise NotPossible("Inbox Health has no delete for this record.")
    with transaction.atomic():
        row = holding.held(record)
        delivery = _join_or_make(context, row, Delivery.Kind.REMOVE, key, "interactive", None)
        entries.write(f"{row.noun}_removal_asked", _about(context, row), {"delivery": delivery.short_id})
        ring_lane("interactive")
    return delivery


def request_link(context: Context, record: Mirror, remote_id: int) -> Delivery:
    """Queue the look at one record there that ours is to be tied to. Raises NoKey, NotPossible."""
    key = key_of(context)
    with transaction.atomic():
        row = holding.held(record)
        if row.remote_id is not None:
            raise NotPossible(f"It is tied to IH {row.remote_id} already.")
        if type(row).objects.filter(remote_id=remote_id).exists():
            raise NotPossible(f"Another record here is tied to IH {remote_id}.")
        if Delivery.objects.filter(noun=row.noun, record_id=row.pk, state__in=Delivery.SENT).exists():
            raise NotPossible("A create of this record is on its way; decide that delivery instead.")
        delivery = _join_or_make(context, row, Delivery.Kind.LINK, key, "interactive", None)
        delivery.target = remote_id
        delivery.save(update_fields=["target"])
        detail = {"delivery": delivery.short_id, "remote_id": remote_id}
        entries.write(f"{row.noun}_link_asked", _about(context, row), detail)
        ring_lane("interactive")
    return delivery


def request_reading(
    context: Context, record: Mirror, kind: str, *, lane: str = "background", batch: Job | None = None
) -> Delivery:
    """Queue a read of one record there: Kind.REFRESH of any, Kind.COMPARE of a patient with what they owe.

    Raises NoKey.
    """
    key = key_of(context)
    with transaction.atomic():
        delivery = _join_or_make(context, holding.held(record), kind, key, lane, batch)
        ring_lane(lane)
    return delivery


def _about(context: Context, row: Mirror) -> Context:
    return context.about(
        record=row.record_name,
        enterprise=row.enterprise_pk,
        patient=row.person_pk,
    )


def _join_or_make(
    context: Context, row: Mirror, kind: str, key: ApiKey, lane: str, batch: Job | None
) -> Delivery:
    """The caller holds the record, and the account of money somebody waits for."""
    same = _lock_deliveries(row, kind, lane)
    waiting = same.filter(state__in=Delivery.UNSENT).first()
    if waiting is not None:
        return _hurry(waiting, row, lane, batch)
    same.supersede()
    try:
        with transaction.atomic():
            delivery = Delivery.objects.create(
                noun=row.noun,
                record_id=row.pk,
                enterprise_id=row.enterprise_pk,
                account_pk=row.account_pk,
                kind=kind,
                lane=lane,
                turn=next_turn(lane, row.enterprise_pk),
                key=_live(key, context, row.noun),
                actor=context.actor,
                origin=context.origin,
                cause=context.cause,
                batch=batch,
                correlation_id=correlation.current(),
            )
    except IntegrityError:  # a comparison of many, which holds no record, asked in this very moment
        return _hurry(locks.locking(same).get(state__in=Delivery.UNSENT), row, lane, batch)
    reads = kind in Delivery.QUIET
    if (
        not reads
        and not Delivery.objects.filter(noun=row.noun, record_id=row.pk, state__in=Delivery.SENT).exists()
    ):
        mark(row, record_word(delivery))
    return delivery


def _lock_deliveries(row: Mirror, kind: str, lane: str) -> DeliveryQuerySet:
    """Those of the record and kind, locked; with them, where somebody waits, what goes out before it.

    The money of one patient goes out in the order it was asked for, so that may not wait behind a bulk job.
    """
    same = Delivery.objects.filter(noun=row.noun, record_id=row.pk, kind=kind)
    hurried = (
        Q(account_pk=row.account_pk) if lane == "interactive" and row.account_pk is not None else Q(pk=None)
    )
    unsent = Q(state__in=Delivery.UNSENT)
    mine = Q(noun=row.noun, record_id=row.pk, kind=kind) & (unsent | ASKS)
    held = locks.ids(Delivery.objects.filter(mine | (hurried & unsent)))
    slower = Delivery.objects.filter(hurried, pk__in=held, state__in=Delivery.UNSENT).exclude(lane=lane)
    others = slower.exclude(pk__in=same.values("pk"))
    if others.exists():
        others.update(lane=lane, turn=next_turn(lane, row.enterprise_pk))
    return same


def _live(key: ApiKey, context: Context, noun: str) -> ApiKey:
    """The key, or what takes its place where it was revoked since; until the commit none is. Raises NoKey."""
    for _ in range(3):
        if keys.kept(key):
            return key
        key = key_of(context, noun)
    raise NoKey


def _hurry(delivery: Delivery, row: Mirror, lane: str, batch: Job | None) -> Delivery:
    """A delivery that already waits takes the faster lane, and is looked at again where it was blocked."""
    faster = lane == "interactive" and delivery.lane != lane
    if faster:
        delivery.lane, delivery.turn = lane, next_turn(lane, row.enterprise_pk)
    if delivery.state == Delivery.State.BLOCKED:
        delivery.state, delivery.blocked_by, delivery.reason = Delivery.State.PENDING, "", ""
        delivery.needs_person_since, delivery.detail = None, None
    delivery.batch = delivery.batch or batch
    delivery.save()
    if delivery.kind not in Delivery.QUIET:
        mark(row, record_word(delivery))
    return delivery
