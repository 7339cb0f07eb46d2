"""The word of a record that follows its delivery. Imports models only; the caller holds the record's lock."""

from __future__ import annotations

from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Mirror


def mark(row: Mirror, word: str) -> None:
    """The record's word follows its delivery: only what is computed is written, no column with history."""
    row.delivery_state = word
    row.recompute()
    changed = {name: getattr(row, name) for name in ("sync_state", "not_valid", "dirty", "conflicts")}
    type(row).objects.filter(pk=row.pk).update(delivery_state=word, **changed)


def record_word(delivery: Delivery) -> str:
    """What the record's `delivery_state` is while this delivery stands so."""
    if delivery.state in (Delivery.State.DELIVERED, Delivery.State.CANCELLED):
        return ""
    undecided = delivery.state == Delivery.State.UNKNOWN or delivery.reason == "looks_alike"
    if delivery.needs_person_since and undecided:
        return "undecided"
    return delivery.state


def standing(row: Mirror, besides: Delivery) -> str:
    """The word of the record's own open push, "" where it has none besides this delivery."""
    mine = Delivery.objects.filter(noun=row.noun, record_id=row.pk, kind=Delivery.Kind.PUSH)
    push = mine.filter(state__in=Delivery.OPEN).exclude(pk=besides.pk).order_by("pk").first()
    return record_word(push) if push else ""


def follow(row: Mirror, delivery: Delivery) -> None:
    """The word of this delivery, else of another that is still open."""
    mark(row, record_word(delivery) or standing(row, delivery))
