"""What Try It made, changed or deleted there enters the mirror at once. Imports records and delivery's locks.

A record of an enterprise that is not here stays out, and the page says so: it would hang below nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from integrations.inboxhealth.operations import Operation
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import holding, locks
from partnerportal.delivery.practices import tie_practices
from partnerportal.explorer.about import BY_RESOURCE, find
from partnerportal.records import apply, columns, effects, merging
from partnerportal.records.ledger import reckon
from partnerportal.records.models import (
    MONEY,
    NOUNS,
    RECORDS,
    Difference,
    Enterprise,
    Invoice,
    LineItem,
    Mirror,
    PaymentAdjustment,
)

# What became of it here; the words of Trial.mirrored.
MADE, TAKEN, CONFLICT, GONE = "made", "taken", "conflict", "gone"
NO_MIRROR, NOT_HERE, NO_PARENT, CLASH = "no_mirror", "not_here", "no_parent", "clash"
APART = "apart"  # an endpoint: the portal keeps those it has registered itself, by their secret address
ENTERING: dict[str, type[Mirror]] = {**NOUNS, **MONEY}


@dataclass(frozen=True)
class Entered:
    """`record` is the audit's name of our row, "" without one; `word` what became of it."""

    word: str
    record: str = ""


class _Unplaced(Exception):
    """It can't stand here; the text is the word."""


def enter(
    operation: Operation, sent: Mapping[str, Any], data: Any, context: Context, began: datetime
) -> Entered:
    """After an accepted write. `sent`: path and body; `data`: the whole answer; `began`: see merging.take."""
    noun = _noun_of(operation)
    answer = data if isinstance(data, dict) else {}
    if operation.verb == "DELETE":
        return _gone(noun, sent.get("id"), context)
    found = [_one(name, answer[name], sent, context, began) for name in answer if name in ENTERING]
    return found[-1] if found else Entered(APART if noun and noun not in ENTERING else NO_MIRROR)


def _noun_of(operation: Operation) -> str:
    model = BY_RESOURCE.get(operation.resource)
    return model.wire.noun if model else ""


def _one(noun: str, answer: Any, sent: Mapping[str, Any], context: Context, began: datetime) -> Entered:
    if not isinstance(answer, dict) or not isinstance(answer.get("id"), int):
        return Entered(NO_MIRROR)
    try:
        with transaction.atomic():
            known = find(ENTERING[noun], answer["id"])
            if known is None:
                return _made(noun, answer, sent, context)
            taken = merging.take(holding.held(known), answer, context, began=began)
            return Entered(CONFLICT if taken.conflicts else TAKEN, known.record_name)
    except _Unplaced as word:
        return Entered(str(word))
    except IntegrityError:
        return Entered(CLASH)


def _made(noun: str, answer: dict[str, Any], sent: Mapping[str, Any], context: Context) -> Entered:
    row = _blank(noun, answer)
    if isinstance(row, PaymentAdjustment):
        row.void = sent.get("voided") is True
    refused = _filled(row, answer)
    if row.account_pk is not None:
        locks.hold(row.account_pk)
    row.save()
    _linked(row, answer, refused)
    _below(row, answer, context)
    effects.accepted(row)
    about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
    entries.write(f"{noun}_entered", about, {"by": "try_it"})
    return Entered(MADE, row.record_name)


def _filled(row: Mirror, answer: dict[str, Any]) -> list[str]:
    """The typed columns from the answer; the attributes that a column can't hold. Raises _Unplaced."""
    fields = {field.name for field in row._meta.get_fields()}
    refused = []
    for attribute in row.wire.sendable(row):
        column = (attribute.field or attribute.name).removesuffix("_remote_id")
        value = attribute.form(answer.get(attribute.name))
        if value is not None and column in fields and not columns.put(row, attribute.name, value):
            refused.append(attribute.name)
    if "health_record_id" in refused:
        raise _Unplaced(CLASH)
    return refused


def _linked(row: Mirror, answer: dict[str, Any], refused: list[str]) -> None:
    """Tied to what is there. What ours does not hold is not taken for sent: it would be sent as cleared."""
    apply.link(row, answer)
    held = {attribute.name for attribute in row.wire.sendable(row)} - set(refused)
    row.acknowledged = {name: known for name, known in row.acknowledged.items() if name in held}
    row.save()
    if refused:
        Difference.objects.create(
            noun=row.noun, record_id=row.pk, enterprise_id=row.enterprise_pk, attributes=sorted(refused)
        )


def _blank(noun: str, answer: dict[str, Any]) -> Any:
    """A row below its parents, which must be here. Raises _Unplaced."""
    model: Any = ENTERING[noun]
    if noun == "enterprise":
        return model(adopted=True)  # so that its lists are read before anything is created in it
    parents: dict[str, Mirror] = dict(_parents(model, answer))
    owner = find(Enterprise, answer.get("enterprise_id")) if "enterprise_id" in answer else None
    if owner is None and not parents:
        raise _Unplaced(NOT_HERE)
    row = model(**parents)
    row.enterprise_id = owner.pk if owner else next(iter(parents.values())).enterprise_pk
    return row


def _parents(model: Any, answer: dict[str, Any]) -> Iterator[tuple[str, Mirror]]:
    for field in getattr(model, "parent_fields", ()):
        kept = model._meta.get_field(field)
        parent = find(kept.related_model, answer.get(f"{field}_id"))
        if parent is not None:
            yield field, parent
        elif not kept.null:
            raise _Unplaced(NO_PARENT)


def _below(row: Mirror, answer: dict[str, Any], context: Context) -> None:
    """Children that came in the same answer, and the balance they change."""
    if isinstance(row, Enterprise) and isinstance(answer.get("practices"), list):
        tie_practices(row, [one for one in answer["practices"] if isinstance(one, dict)])
    if isinstance(row, Invoice):
        for line in answer.get("line_items") or []:
            _one("line_item", {**line, "invoice_id": row.remote_id}, {}, context, row.created_at)
    if row.account_pk is not None:
        reckon(row.account_pk)


def _gone(noun: str, remote_id: Any, context: Context) -> Entered:
    known = find(RECORDS[noun], remote_id) if noun else None
    if known is None:
        return Entered(NOT_HERE if noun else NO_MIRROR)
    with transaction.atomic():
        row = holding.held(known)
        apply.missing(row)
        if isinstance(row, (Invoice, LineItem)):
            effects.removed(row)
        about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
        entries.write(f"{noun}_deleted_there", about, {"by": "try_it"})
    return Entered(GONE, known.record_name)
