"""The rows of a plan's page: who, what changes, the body that would be sent. Imports records, payloads."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from partnerportal.audit import masking
from partnerportal.console.story_item import Change
from partnerportal.delivery.models import Delivery, Plan, PlanItem
from partnerportal.delivery.payloads import step_for
from partnerportal.records.models import NOUNS, Mirror

EMPTY = "empty"


@dataclass(frozen=True)
class Row:
    """`body`: what is sent, as masked JSON, "" where nothing is. `problems`: why it can't be."""

    record: Mirror
    name: str
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    body: str = ""


def rows_of(plan: Plan, items: list[PlanItem], user: Any) -> list[Row]:
    """In the order of the items; a record that is gone, or out of sight since, is left out."""
    rows = NOUNS[plan.noun].objects.visible_to(user)
    if plan.noun != "enterprise":
        rows = rows.select_related("enterprise")
    if plan.noun == "patient":
        rows = rows.select_related("enterprise", "practice")
    found = rows.in_bulk([item.record_id for item in items])
    reveal = user.has_perm("accounts.reveal_phi")
    return [_row(found[item.record_id], item.act, reveal) for item in items if item.record_id in found]


def name_of(record: Any) -> str:
    """A person's or a place's name; lists show it, titles never do."""
    if hasattr(record, "last_name"):
        given = " ".join(part for part in (record.first_name, record.middle_name) if part)
        return ", ".join(part for part in (record.last_name, given) if part) or record.short_id
    return str(record.name or record.short_id)


def _row(record: Mirror, act: str, reveal: bool) -> Row:
    return Row(
        record,
        name_of(record),
        _changes(record, reveal) if act == "update" else [],
        [str(sentence) for _, sentence in record.not_valid] if act == "not_valid" else [],
        _body(record, reveal) if act in ("create", "update") else "",
    )


def _changes(record: Mirror, reveal: bool) -> list[Change]:
    """Each attribute that goes out: what was last sent, and what is ours now."""
    ours, acknowledged = record.wire.values(record), record.acknowledged or {}
    return [
        _change(record, n, acknowledged.get(n, {}).get("sent"), ours.get(n), reveal) for n in record.dirty
    ]


def _change(record: Mirror, name: str, was: Any, now: Any, reveal: bool) -> Change:
    label = record.wire.label(name)
    if record.wire.attribute(name).secret:
        return Change(label, values=False)
    return Change(label, _shown(name, was, reveal), _shown(name, now, reveal))


def _shown(name: str, value: Any, reveal: bool) -> str:
    if value in (None, ""):
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(masking.page_data({name: value}, reveal=reveal)[name])


def _body(record: Mirror, reveal: bool) -> str:
    step = step_for(Delivery(kind=Delivery.Kind.PUSH, noun=record.noun, record_id=record.pk), record)
    if step is None or step.body is None:
        return ""
    return json.dumps(masking.page_data(step.body, reveal=reveal), indent=2, ensure_ascii=False, default=str)
