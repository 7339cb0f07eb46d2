"""What a person says of a second record there: a duplicate, another record, or the one that ours is.

One transaction each, with an entry. Imports records, delivery, adopting and the money made there.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import holding
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NotPossible
from partnerportal.kernel.clock import db_now
from partnerportal.records.models import RECORDS, Enterprise, Mirror, Surplus
from partnerportal.sync import adopting, money

Answer = Surplus.Answer
ONCE = "This portal can't hold it beside {row}: both would have the same code. Remove one at Inbox Health."


def open_ones(noun: str) -> Any:
    """Questions that nobody answered, about records that are still tied to none of ours."""
    tied = RECORDS[noun].objects.filter(remote_id__isnull=False).values("remote_id")
    return Surplus.objects.filter(noun=noun, answer=Answer.OPEN).exclude(remote_id__in=tied)


def set_aside(noun: str) -> Any:
    """Ids there that are not counted as only there: asked about, or said to be duplicates."""
    known = Surplus.objects.filter(noun=noun, answer__in=(Answer.OPEN, Answer.SAME))
    return known.values("remote_id")


def call_duplicate(context: Context, surplus: Surplus) -> None:
    """Ours stays; the other is removed at Inbox Health by whoever says so. Nothing is sent."""
    with transaction.atomic():
        _answered(context, surplus, Answer.SAME)


def call_different(context: Context, surplus: Surplus) -> Mirror | None:
    """Another record: it becomes ours, where that can be; the new row. An enterprise is adopted instead.

    Raises NotPossible, and the question stays.
    """
    with transaction.atomic():
        _answered(context, surplus, Answer.DIFFERENT)
        if surplus.noun in ("enterprise", "payment_adjustment"):
            return None
        if surplus.noun in money.NOUNS:
            word = money.take_in(surplus.noun, surplus.record, context, set())
        else:
            home = Enterprise.objects.get(pk=surplus.enterprise_id)
            word = adopting.take_in(surplus.noun, surplus.record, home, context, as_new=True)
        if word != adopting.TAKEN_IN:
            raise NotPossible(ONCE.format(row=ours(surplus).short_id))
        made: Mirror = RECORDS[surplus.noun].objects.get(remote_id=surplus.remote_id)
    return made


def link(context: Context, surplus: Surplus) -> Mirror:
    """It is ours, which is tied to none. Raises NotPossible."""
    with transaction.atomic():
        row = holding.held_by_key(surplus.noun, surplus.record_id)
        sent = Delivery.objects.filter(noun=row.noun, record_id=row.pk, state__in=Delivery.SENT)
        if row.remote_id is not None or sent.exists():
            raise NotPossible(f"{row.short_id} is tied already, or is being sent.")
        _answered(context, surplus, Answer.LINKED)
        adopting.link(row, surplus.record, context)
    return row


def ours(surplus: Surplus) -> Mirror:
    """Our record that it seems to be a second one of."""
    row: Mirror = RECORDS[surplus.noun].objects.get(pk=surplus.record_id)
    return row


def _answered(context: Context, surplus: Surplus, answer: str) -> None:
    """Raises NotPossible where somebody answered before, or it was tied to a record of ours."""
    mine = open_ones(surplus.noun).filter(pk=surplus.pk)
    if not mine.update(answer=answer, actor=context.actor, answered_at=db_now()):
        raise NotPossible("There is nothing to decide any more.")
    row = ours(surplus)
    about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
    entries.write(
        f"{row.noun}_duplicate_decided", about, {"remote_id": surplus.remote_id, "decision": answer}
    )
