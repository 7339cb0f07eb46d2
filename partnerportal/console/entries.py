"""Entries: who did or saw what here. Read-only, for auditors and administrators.

Imports audit and the console.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.audit import entries as entry_writer
from partnerportal.audit import masking, reading
from partnerportal.audit.models import Entry
from partnerportal.console import audit_words, keyset
from partnerportal.console.acting import acting
from partnerportal.console.exchange_filters import named_record, on_day
from partnerportal.console.filters import Filters, day_field

TABS = (("", "All"), ("sign-ins", "Sign-ins"), ("reveals", "Reveals and exports"))


class EntryFilters(Filters):
    """Within a tab."""

    SHOWN = ("day", "who", "record")
    VIEWS = tuple(slug for slug, _ in TABS)
    NARROW = {
        "day": lambda rows, day: on_day(rows, day, "at"),
        "who": lambda rows, who: rows.filter(actor__in=(who, f"user:{who}", f"command:{who}")),
        "record": lambda rows, record: rows.filter(record=record),
    }
    day = day_field()
    who = forms.CharField(label="Who", required=False, max_length=190)
    record = forms.CharField(label="Record", required=False, max_length=30)

    def clean_record(self) -> str:
        return named_record(self.cleaned_data["record"])

    def say(self, name: str, value: Any) -> str:
        return f"{value:%b %-d, %Y}" if name == "day" else str(value).rpartition(":")[2]

    def narrowed(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        tab = self.tab_value
        found: QuerySet[Entry] = super().narrowed(rows)
        return found.filter(_of_tab(tab)) if audit_words.group_of(tab) else found


def _of_tab(tab: str) -> Q:
    chosen = Q()
    for part in audit_words.group_of(tab):
        chosen |= Q(action=part) if tab == "sign-ins" else Q(action__contains=part)
    return chosen


def entry_list(request: HttpRequest) -> HttpResponse:
    filters = EntryFilters(request.GET)
    page = keyset.slice_of(filters.narrowed(reading.visible_entries(request.user)), request.GET)
    if page.first and filters.applied:
        with transaction.atomic():
            about = {"filters": [f"{label}: {value}" for _, label, value in filters.chips()]}
            entry_writer.write("entries_listed", acting(request), about)
    context = {
        "title": "Entries",
        "filters": filters,
        "tabs": TABS,
        "tab": filters.tab_value,
        "page": page,
        "rows": _rows(page.rows, reveal=request.user.has_perm("accounts.reveal_phi")),
    }
    return render(request, "audit/entries.html", context)


def _rows(found: list[Entry], *, reveal: bool) -> list[dict[str, Any]]:
    contents = reading.details(found)
    return [
        {"row": row, "action": audit_words.action(row.action), "detail": _detail(content, reveal)}
        for row, content in zip(found, contents, strict=True)
    ]


def _detail(content: reading.Content, reveal: bool) -> list[tuple[str, str]]:
    """(name, value) of the detail, masked like a body; what can't be opened says so."""
    if content.state != reading.KEPT:
        return [
            (
                "Detail",
                "erased" if content.state == reading.DESTROYED else "can't be read: its key is missing",
            )
        ]
    masked = masking.page_data(content.values, reveal=reveal)
    return [
        (name.replace("_", " ").capitalize(), _shown(value))
        for name, value in masked.items()
        if value not in ("", None, [], {})
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(inner) for inner in value)
    if isinstance(value, dict):
        return " · ".join(f"{name}: {_shown(inner)}" for name, inner in value.items())
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
