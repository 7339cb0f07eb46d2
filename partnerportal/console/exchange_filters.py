"""The filters of the exchanges page: from a query string to a narrowed queryset and its chips.

Imports audit, records and the operations table. Every value comes from the address and is checked here.
Changes is the tab that opens: what was written about a patient is what an auditor has to vouch for, and the
schedule's reads, many times as many, would bury it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from integrations.inboxhealth.operations import OPERATIONS
from partnerportal.audit import made, reading
from partnerportal.audit.models import Exchange
from partnerportal.console.audit_words import OUTCOMES
from partnerportal.console.filters import Filters, day_field
from partnerportal.kernel.ids import parse, record_name
from partnerportal.records.models import Enterprise

CHANGES, READS, ALL = "", "reads", "all"
TABS = ((CHANGES, "Changes"), (READS, "Reads"), (ALL, "All"))
_OF_TAB = {CHANGES: ~Q(method="GET"), READS: Q(method="GET")}
ORIGINS = ("console", "command", "schedule", "webhook", "resolve", "explorer")


class ExchangeFilters(Filters):
    """`record` takes a short id, P-48213."""

    day = day_field()
    outcome = forms.ChoiceField(label="Outcome", required=False)
    record = forms.CharField(label="Record", required=False, max_length=30)
    who = forms.CharField(label="Who", required=False, max_length=190)
    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label="Enterprise", required=False)
    operation = forms.ChoiceField(label="Operation", required=False)
    status = forms.IntegerField(label="Status", required=False, min_value=100, max_value=599)
    origin = forms.ChoiceField(label="Origin", required=False)
    key = forms.CharField(label="Key", required=False, max_length=16)

    SHOWN = ("day", "outcome", "record")
    VIEWS = tuple(name for name, _ in TABS)
    NARROW = {
        "day": lambda rows, day: on_day(rows, day),
        "outcome": reading.with_outcome,
        "record": lambda rows, record: _about(rows, record),
        "who": lambda rows, who: rows.filter(actor__in=(who, f"user:{who}", f"command:{who}")),
        "enterprise": lambda rows, enterprise: rows.filter(enterprise=enterprise.pk),
        "operation": lambda rows, name: rows.filter(operation=name),
        "status": reading.with_status,
        "origin": lambda rows, origin: rows.filter(origin=origin),
        "key": lambda rows, key: rows.filter(credential_fingerprint__startswith=key.lower()[:8]),
    }

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        seen = Enterprise.objects.visible_to(user).light().order_by("name", "pk")
        self.rows("enterprise", seen, lambda row: f"{row.name} ({row.short_id})")
        self.choices("outcome", [(name, word.text) for name, word in OUTCOMES.items()])
        self.choices("operation", [(name, name) for name in sorted(OPERATIONS)])
        self.choices("origin", [(name, name.capitalize()) for name in ORIGINS])

    def clean_record(self) -> str:
        return named_record(self.cleaned_data["record"])

    def say(self, name: str, value: Any) -> str:
        if isinstance(value, Enterprise):
            return value.name or value.short_id
        if name == "day":
            return f"{value:%b %-d, %Y}"
        return str(value).rpartition(":")[2] if name == "record" else super().say(name, value)

    def narrowed(self, rows: QuerySet[Exchange]) -> QuerySet[Exchange]:
        found: QuerySet[Exchange] = super().narrowed(rows.filter(_OF_TAB.get(self.tab_value, Q())))
        return found


def named_record(text: str) -> str:
    """ "P-12" as the audit names it, "patient:P-12"; "" for nothing. Raises ValidationError."""
    found = parse(text.strip()) if text.strip() else None
    if text.strip() and found is None:
        raise forms.ValidationError("An id of a record, like P-48213.")
    return record_name(*found) if found else ""


def on_day(rows: QuerySet[Any], day: Any, column: str = "started_at") -> QuerySet[Any]:
    start = timezone.make_aware(datetime.combine(day, time()))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return reading.between(rows, column, start, end)


def _about(rows: QuerySet[Exchange], record: str) -> QuerySet[Exchange]:
    """Also the one that made it; a patient's are also those that speak of something of theirs."""
    noun, _, name = record.partition(":")
    found, about = parse(name), Q(record=record) | made.record(record)
    return rows.filter(about | Q(patient=found[1]) if noun == "patient" and found else about)
