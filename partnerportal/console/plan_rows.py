"""The rows of a plan's page: who, what changes, the body that would be sent. Imports records, payloads."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from partnerportal.audit import masking
from partnerportal.console import plan_words, shown, titles
from partnerportal.console.permitted import permitted
from partnerportal.console.remedies import edit_page
from partnerportal.console.story_item import Change
from partnerportal.delivery.forecast import WITHIN
from partnerportal.delivery.models import Delivery, PlanItem
from partnerportal.delivery.payloads import step_for
from partnerportal.records.models import RECORDS, Mirror

EMPTY = "empty"


@dataclass(frozen=True)
class Row:
    """`body`: what is sent, as masked JSON, "" where nothing is. `problems`: why it can't be,
    `fix`: where that is mended, "" for who may not.
    """

    record: Mirror
    name: str
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    fix: str = ""
    body: str = ""
    why: str = ""  # of what goes along: why


def rows_of(items: list[PlanItem], user: Any) -> list[Row]:
    """In the order of the items; a record that is gone, or out of sight since, is left out."""
    found: dict[tuple[str, int], Any] = {}
    for noun in {item.noun for item in items}:
        rows = RECORDS[noun].objects.visible_to(user).select_related(*titles.related(noun))
        if noun == "patient":
            rows = rows.select_related("enterprise", "practice", "account_type")
        pks = [item.record_id for item in items if item.noun == noun]
        found |= {(noun, pk): row for pk, row in rows.in_bulk(pks).items()}
    reveal = user.has_perm("accounts.reveal_phi")
    known = [
        (item, found[item.noun, item.record_id]) for item in items if (item.noun, item.record_id) in found
    ]
    return [_row(row, item, reveal, permitted(user, "change", item.noun)) for item, row in known]


def name_of(record: Any) -> str:
    """A person's or a place's name; lists show it, titles never do."""
    if hasattr(record, "last_name"):
        given = " ".join(part for part in (record.first_name, record.middle_name) if part)
        return ", ".join(part for part in (record.last_name, given) if part) or record.short_id
    return str(getattr(record, "name", "") or record)


def _row(record: Mirror, item: PlanItem, reveal: bool, mends: bool) -> Row:
    act = item.act
    return Row(
        record,
        name_of(record),
        _changes(record, reveal) if act == "update" else [],
        [str(sentence) for _, sentence in record.not_valid] if act == "not_valid" else [],
        edit_page(record) if act == "not_valid" and mends else "",
        _body(record, reveal) if act in ("create", "update") and item.why != WITHIN else "",
        plan_words.WHY.get(item.why, ""),
    )


def _changes(record: Mirror, reveal: bool) -> list[Change]:
    """Each attribute that goes out: what was last sent, or read there, and what is ours now."""
    ours, known = record.wire.values(record), record.acknowledged or {}
    was = {n: known.get(n, {}).get("sent", known.get(n, {}).get("answered")) for n in record.dirty}
    return [_change(record, n, was[n], ours.get(n), reveal) for n in record.dirty]


def _change(record: Mirror, name: str, was: Any, now: Any, reveal: bool) -> Change:
    label = record.wire.label(name)
    form = record.wire.attribute(name).form
    return Change(label, _shown(name, form(was), reveal), _shown(name, form(now), reveal))


def _shown(name: str, value: Any, reveal: bool) -> str:
    return EMPTY if value in (None, "") else shown.text(name, value, reveal)


def _body(record: Mirror, reveal: bool) -> str:
    step = step_for(Delivery(kind=Delivery.Kind.PUSH, noun=record.noun, record_id=record.pk), record)
    if step is None or step.body is None:
        return ""
    return json.dumps(masking.page_data(step.body, reveal=reveal), indent=2, ensure_ascii=False, default=str)
