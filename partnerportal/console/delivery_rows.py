"""Deliveries as rows of a table: record, state and sentence, tries, the last exchange. Three queries a page.

Imports records and delivery's models.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from partnerportal.audit.models import Exchange
from partnerportal.console import delivery_words
from partnerportal.console.plan_rows import name_of
from partnerportal.console.words import Word
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.ids import parse
from partnerportal.records.models import RECORDS


@dataclass(frozen=True)
class Row:
    """One delivery. `name` is the record's; `exchange` the id of its last send, or None."""

    delivery: Delivery
    record: Any
    name: str
    word: Word
    sentence: str
    next_time: str
    exchange: int | None
    replaced_by: int | None  # of a failed one: the delivery that took its place


def rows_of(deliveries: list[Delivery], user: Any) -> list[Row]:
    records = _records(deliveries, user)
    parents = _parents(deliveries, user)
    last = _last_exchanges(deliveries)
    replaced = _replaced(deliveries)
    return [
        _row(delivery, records, parents, last.get(delivery.pk), replaced.get(delivery.pk))
        for delivery in deliveries
    ]


def _row(
    delivery: Delivery,
    records: dict[tuple[str, int], Any],
    parents: dict[str, str],
    exchange: int | None,
    replaced_by: int | None,
) -> Row:
    record = records.get((delivery.noun, delivery.record_id))
    word = delivery_words.word(delivery) if replaced_by is None else delivery_words.REPLACED
    said = delivery_words.beside(delivery, word.text, parents.get(delivery.blocked_by, ""))
    next_time = delivery_words.next_time(delivery)
    return Row(delivery, record, _name(record, delivery), word, said, next_time, exchange, replaced_by)


def _name(record: Any, delivery: Delivery) -> str:
    return name_of(record) if record is not None else f"{delivery.noun} that is gone"


def _records(deliveries: Iterable[Delivery], user: Any) -> dict[tuple[str, int], Any]:
    ids: dict[str, set[int]] = defaultdict(set)
    for delivery in deliveries:
        ids[delivery.noun].add(delivery.record_id)
    return {
        (noun, pk): row
        for noun, pks in ids.items()
        for pk, row in RECORDS[noun].objects.visible_to(user).light().in_bulk(list(pks)).items()
    }


def _parents(deliveries: Iterable[Delivery], user: Any) -> dict[str, str]:
    """Names of what blocked deliveries wait for, by "enterprise:E-12"."""
    waited = {delivery.blocked_by for delivery in deliveries if delivery.blocked_by}
    found: dict[str, str] = {}
    for name in waited:
        noun, _, short = name.partition(":")
        known = parse(short)
        row = (
            RECORDS[noun].objects.visible_to(user).light().filter(pk=known[1]).first()
            if known and noun in RECORDS
            else None
        )
        if row is not None:
            found[name] = f"{noun} {name_of(row)}"
    return found


def _replaced(deliveries: Iterable[Delivery]) -> dict[int, int]:
    failed = [delivery.pk for delivery in deliveries if delivery.state == Delivery.State.FAILED]
    rows = Delivery.objects.filter(pk__in=failed).with_replacement().exclude(replaced_by=None)
    return dict(rows.values_list("pk", "replaced_by")) if failed else {}


def _last_exchanges(deliveries: Iterable[Delivery]) -> dict[int, int]:
    rows = Exchange.objects.filter(delivery__in=[d.pk for d in deliveries]).order_by()
    newest = rows.values("delivery").annotate(last=Max("pk")).values_list("delivery", "last")
    return {delivery: last for delivery, last in newest if delivery is not None}
