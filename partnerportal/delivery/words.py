"""The word of a record that follows its delivery. Imports models only; the caller holds the record's lock."""

from __future__ import annotations

from django.db import connection
from psycopg.types.json import Jsonb

from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.statements import run
from partnerportal.records.models import Mirror

# To a record these are one: on its way. From one to the other its row, with all its indexes, is left alone.
_ONE = (Delivery.State.PENDING, Delivery.State.WAITING, Delivery.State.IN_FLIGHT)
_MARK = """
UPDATE {table} SET delivery_state = %s, sync_state = %s, not_valid = %s, dirty = %s, conflicts = %s
WHERE id = %s RETURNING xmin::text::bigint
"""


def mark(row: Mirror, word: str) -> None:
    """The record's word follows its delivery: only what is computed is written, no column with history."""
    if word in _ONE and is_on_its_way(row):
        return
    row.delivery_state = word
    row.recompute()
    computed = [Jsonb(value) for value in (row.not_valid, row.dirty, row.conflicts)]
    table = connection.ops.quote_name(type(row)._meta.db_table)
    found = run(_MARK.format(table=table), [word, row.sync_state, *computed, row.pk])
    if found is not None:
        locks.remember_writer(row, found[0])


def is_on_its_way(row: Mirror) -> bool:
    """Whether the row says so already: then going in flight changes nothing of it."""
    return row.delivery_state in _ONE


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
