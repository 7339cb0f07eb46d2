"""The sending side of a record's story: deliveries, exchanges with their answers, and entries.

Imports delivery's models and the audit. Rows only; contents stay closed until their page is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from partnerportal.audit import made, masking, reading
from partnerportal.audit.models import Entry, Exchange
from partnerportal.console import audit_words
from partnerportal.console.story_item import Item
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.ids import short_id
from partnerportal.records.models import RECORDS

_ASKED = {
    "push": "Asked to push",
    "remove": "Asked to delete there",
    "read_practices": "Asked to read the practices back",
    "match": "Asked to read what is there first",
    "link": "Asked to link to an existing record",
}
_DECISIONS = ("_conflict_decided", "_set_aside")
_FOUND = "_conflict_found"
_UNASKED = (_FOUND, "_merged", "_missing_there", "_received", "_adopted", "_linked")
_ICONS = {
    "conflict_found": "call_split",
    "view": "visibility",
    "reveal": "visibility",
    "export": "download",
    "key": "key",
}


def deliveries(record: Any, until: datetime | None, limit: int) -> Iterator[Item]:
    rows = Delivery.objects.filter(noun=record.noun, record_id=record.pk).defer("detail")
    for row in _newest(rows, "created_at", until, limit):
        asked = _ASKED.get(row.kind, row.get_kind_display())
        who, cause = audit_words.by(row.actor, row.cause)
        yield Item(
            row.created_at,
            "delivery",
            "outbox",
            f"{asked}{_through(row)}",
            who=who,
            cause=cause,
            name=row.short_id,
            href=reverse("delivery", args=[row.pk]),
        )


def _through(row: Delivery) -> str:
    return f" in batch {short_id('batch', row.batch_id)}" if row.batch_id else ""


def exchanges(record: Any, until: datetime | None, limit: int) -> Iterator[Item]:
    """Those about the record, of a patient also those about something of theirs, and the one that made it."""
    rows = Exchange.objects.filter(_about(record) | made.record(record.record_name)).defer("content")
    found = list(_newest(rows, "started_at", until, limit))
    answers = reading.answers_of(found)
    for row in found:
        answer = answers.get(row.pk)
        word = audit_words.outcome(answer)
        who, cause = audit_words.by(row.actor, row.cause)
        yield Item(
            row.started_at,
            "exchange",
            "swap_horiz",
            audit_words.verdict(row, answer, made=record.record_name),
            who=who,
            cause=cause,
            key=row.credential_fingerprint,
            name=short_id("exchange", row.pk),
            href=reverse("exchange", args=[row.pk]),
            word=word.text,
            colour=word.colour,
        )


def entries(record: Any, until: datetime | None, limit: int, reveal: bool) -> Iterator[Item]:
    """The detail of a decision, and of what came without a click, is opened for its why and cause alone."""
    rows = Entry.objects.filter(_about(record)).defer("content")
    found = list(_newest(rows, "at", until, limit))
    told = _told(found)
    for row in found:
        said = told.get(row.pk, {})
        why = str(said["reason"]) if row.action.endswith(_DECISIONS) and said.get("reason") else ""
        who, cause = audit_words.by(row.actor, str(said.get("cause", "")))
        name, href = _decide(row, record)
        yield Item(
            row.at,
            "entry",
            _icon(row.action),
            f"{audit_words.action(row.action)}{_torn(row, said)}",
            who=who,
            cause=cause,
            why=str(masking.page_data({"reason": why}, reveal=reveal)["reason"]),
            name=name,
            href=href,
        )


def _torn(row: Entry, said: dict[str, Any]) -> str:
    """The fields of a conflict, as forms call them."""
    if not row.action.endswith(_FOUND):
        return ""
    wire = RECORDS[row.record.partition(":")[0]].wire
    return f", {', '.join(wire.label(name) for name in said.get('fields', []))}"


def _decide(row: Entry, record: Any) -> tuple[str, str]:
    """While the record's own conflict is open, the way to decide it: name and address."""
    if not (row.action.endswith(_FOUND) and row.record == record.record_name and record.conflicts):
        return "", ""
    return "Decide…", reverse("difference", args=[record.noun, record.pk])


def _told(rows: list[Entry]) -> dict[int, dict[str, Any]]:
    asked = [row.pk for row in rows if row.action.endswith((*_DECISIONS, *_UNASKED))]
    kept = list(Entry.objects.filter(pk__in=asked))
    return {row.pk: content.values for row, content in zip(kept, reading.details(kept), strict=True)}


def _about(record: Any) -> Q:
    about = Q(record=record.record_name)
    return about | Q(patient=record.pk) if record.noun == "patient" else about


def _newest(rows: QuerySet[Any], column: str, until: datetime | None, limit: int) -> QuerySet[Any]:
    if until is not None:
        rows = rows.filter(**{f"{column}__lt": until})
    return rows.order_by(f"-{column}", "-pk")[:limit]


def _icon(action: str) -> str:
    return next((icon for part, icon in _ICONS.items() if part in action), "history_edu")
