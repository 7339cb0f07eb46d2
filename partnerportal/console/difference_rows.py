"""Lines of the page Differences: a record, one that is only there, a list that was not read. Words only.

Imports sync's models and the console's formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from partnerportal.console import both_sides, cells, formats, shown, titles
from partnerportal.delivery.sentences import reason_words
from partnerportal.kernel.ids import short_id
from partnerportal.records.models import RECORDS, Difference, Enterprise, Sighting, Surplus
from partnerportal.records.wire import canonical
from partnerportal.sync import adopting, differences
from partnerportal.sync.models import PullPart
from partnerportal.sync.pages import Fault

PLURALS = {
    "enterprise": "Enterprises",
    "practice": "Practices",
    "doctor": "Doctors",
    "patient": "Patients",
    "payment_reason": "Payment reasons",
    "write_off_code": "Write-off codes",
    "account_type": "Account types",
    "invoice": "Invoices",
    "payment": "Payments",
    "write_off": "Write-offs",
    "line_item": "Lines of invoices",
    "invoice_payment": "Applied to invoices",
    "payment_adjustment": "Refunds and voids",
    "list": "Lists",
}
REASONS = {
    Fault.ORDER: "the rows did not come in order",
    Fault.SHRANK: "rows went away while it was read",
    Fault.ROOT_MISSING: "the answer was no list",
    Fault.ROW_WITHOUT_ID: "a row came without an id",
    Fault.PAGE_IGNORED: "another page came than was asked for",
    Fault.SHORT_PAGE: "a page came back empty",
    Fault.FILTER: "a row of someone else's came with it",
    Fault.TOO_LONG: "its list did not end",
    "key_refused": "Inbox Health refused the key",
    "other_environment": "it is another environment than this portal belongs to",
}


@dataclass(frozen=True)
class Row:
    """One line. `fields` are labels; `like`: records here that it may be; `pk` or `remote_id` names it."""

    title: str
    ids: str
    href: str = ""
    enterprise: str = ""
    fields: str = ""
    since: Any = None
    pk: int = 0
    remote_id: int = 0
    like: list[Any] = field(default_factory=list)
    act: str = ""
    about: list[str] = field(default_factory=list)  # words of "pull" in the error catalogue
    noun: str = ""


def of_record(record: Any, tab: str, user: Any) -> Row:
    ids = (record.short_id, f"IH {record.remote_id}", titles.whose(record))
    return Row(
        title=titles.title_of(record),
        ids=" · ".join(part for part in ids if part),
        href=cells.page_of(record),
        enterprise="" if record.noun == "enterprise" else record.enterprise.name,
        fields=_labels(record, tab),
        since=record.missing_since if tab == differences.MISSING else record.remote_read_at,
        pk=record.pk,
        act=_act(record, tab),
    )


def _labels(record: Any, tab: str) -> str:
    if tab == differences.CONFLICTS:
        names = record.conflicts
    else:
        known = Difference.objects.filter(noun=record.noun, record_id=record.pk).first()
        names = [*record.dirty, *(known.attributes if known else [])]
    labels = [record.wire.label(name) for name in dict.fromkeys(names)]
    return ", ".join(labels[:4]) + (f" and {len(labels) - 4} more" if len(labels) > 4 else "")


def _act(record: Any, tab: str) -> str:
    name = {differences.MISSING: "difference_missing"}.get(tab, "difference")
    return reverse(name, args=[record.noun, record.pk])


def of_seen(seen: Iterable[Sighting], user: Any) -> list[Row]:
    rows = list(seen)
    enterprises = Enterprise.objects.light().in_bulk([row.enterprise_id for row in rows if row.enterprise_id])
    return [_seen(row, enterprises.get(row.enterprise_id or 0), user) for row in rows]


def _seen(row: Sighting, enterprise: Enterprise | None, user: Any) -> Row:
    noun, record = row.noun, row.record or {}
    reveal = noun != "patient" or user.has_perm(shown.REVEAL)
    born = shown.text("date_of_birth", canonical.day(record.get("date_of_birth")), reveal)
    facts = [born if noun == "patient" else "", str(record.get("city") or "")]
    return Row(
        title=name_there(record),
        ids=f"{noun_word(noun)} · IH {row.remote_id}",
        noun=noun,
        enterprise=enterprise.name if enterprise else "",
        fields=" · ".join(fact for fact in facts if fact and fact != formats.NOT_KNOWN),
        since=row.seen_at,
        remote_id=row.remote_id,
        pk=row.pk,
        like=adopting.alike(noun, record, enterprise) if enterprise else [],
    )


def of_second(found: Iterable[Surplus]) -> list[Row]:
    """Second records there: each with ours beside it."""
    rows = list(found)
    known: dict[int, Any] = {}
    if rows:
        every = RECORDS[rows[0].noun].objects.select_related(*titles.related(rows[0].noun))
        known = every.in_bulk([row.record_id for row in rows])
    return [_second(row, known[row.record_id]) for row in rows if row.record_id in known]


def _second(row: Surplus, ours: Any) -> Row:
    return Row(
        title=titles.title_of(ours),
        ids=f"{ours.short_id} · Inbox Health ID {ours.remote_id or 'not known'}",
        href=cells.page_of(ours),
        enterprise="" if ours.noun == "enterprise" else ours.enterprise.name,
        fields=f"Inbox Health ID {row.remote_id}",
        since=row.since,
        pk=row.pk,
        act=reverse("duplicate", args=[row.pk]),
    )


def noun_word(noun: str) -> str:
    """One of what `PLURALS` names: "Write-off code"."""
    return {
        "line_item": "Line of an invoice",
        "write_off_code": "Write-off code",
        "write_off": "Write-off",
        "invoice_payment": "Application",
        "payment_adjustment": "Refund",
    }.get(noun, noun.replace("_", " ").capitalize())


def name_there(record: Any) -> str:
    """The name of a record as it is there."""
    if record.get("name"):
        return str(record["name"])
    given = " ".join(str(record[n]) for n in ("first_name", "middle_name") if record.get(n))
    return ", ".join(part for part in (str(record.get("last_name") or ""), given) if part) or "No name"


def beside(
    seen: Sighting | Surplus, ours: list[Any], user: Any
) -> list[tuple[str, str, list[tuple[str, bool]]]]:
    """(label, value there, [(ours, differs)]) of each attribute that has a value on any side."""
    record, wire = seen.record or {}, RECORDS[seen.noun].wire
    reveal = seen.noun != "patient" or user.has_perm(shown.REVEAL)
    lines = []
    for attribute in wire.attributes:
        there = attribute.form(record.get(attribute.name))
        here = [attribute.form(attribute.ours(row)) for row in ours]
        if any(value is not None for value in (there, *here)):
            said = [
                both_sides.said(seen.enterprise_id or 0, attribute, value, reveal) for value in (there, *here)
            ]
            values = [(text, value != there) for text, value in zip(said[1:], here, strict=True)]
            lines.append((attribute.label, said[0], values))
    return lines


def of_part(part: PullPart) -> Row:
    whose = part.enterprise.name if part.enterprise else "this key"
    return Row(
        title=f"{PLURALS[part.noun]} of {whose}",
        ids=part.enterprise.short_id if part.enterprise else "",
        fields=_why(part),
        about=reasons_of(part),
        since=part.round_ended_at,
        pk=part.enterprise_id or 0,
    )


def reasons_of(part: PullPart) -> list[str]:
    """The words for why not all of a list could be read."""
    if part.state == PullPart.State.WAITING:
        return []
    return [one["reason"] for one in part.unread] or ([part.reason] if part.reason else [])


def _why(part: PullPart) -> str:
    if part.state == PullPart.State.WAITING:
        return "Being read."
    pages = [f"{_place(one)} failed: {_reason(one['reason'])}" for one in part.unread]
    said = "; ".join(pages) or (_reason(part.reason) if part.reason else "")
    return f"{said[:1].upper()}{said[1:]}." if said else "Never read whole yet: each run reads a part of it."


def _place(one: dict[str, Any]) -> str:
    return short_id("invoice", one["invoice"]) if "invoice" in one else f"page {one['page']}"


def _reason(word: str) -> str:
    return REASONS.get(word) or reason_words(word)
