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
from partnerportal.kernel.ids import parse, record_name
from partnerportal.records.models import Enterprise

CHANGES, READS, ALL = "", "reads", "all"
TABS = ((CHANGES, "Changes"), (READS, "Reads"), (ALL, "All"))
_OF_TAB = {CHANGES: ~Q(method="GET"), READS: Q(method="GET")}
ORIGINS = ("console", "command", "schedule", "webhook", "resolve", "explorer")
_SENDABLE = {"enterprises", "practices", "doctors", "patients", "sandbox"}


class ExchangeFilters(forms.Form):
    """All optional. `record` takes a short id, P-48213."""

    day = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    outcome = forms.ChoiceField(label="Outcome", required=False)
    record = forms.CharField(label="Record", required=False, max_length=30)
    who = forms.CharField(label="Who", required=False, max_length=190)
    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label="Enterprise", required=False)
    operation = forms.ChoiceField(label="Operation", required=False)
    status = forms.IntegerField(label="Status", required=False, min_value=100, max_value=599)
    origin = forms.ChoiceField(label="Origin", required=False)
    key = forms.CharField(label="Key", required=False, max_length=16)

    SHOWN = ("day", "outcome", "record")

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        enterprises: Any = self.fields["enterprise"]
        enterprises.queryset = Enterprise.objects.visible_to(user).light().order_by("name", "pk")
        enterprises.empty_label = "Any"
        enterprises.label_from_instance = lambda row: f"{row.name} ({row.short_id})"
        self._choices("outcome", [(name, word.text) for name, word in OUTCOMES.items()])
        self._choices("operation", [(name, name) for name in _operations()])
        self._choices("origin", [(name, name.capitalize()) for name in ORIGINS])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "Any"), *choices]

    def clean_record(self) -> str:
        text = str(self.cleaned_data["record"]).strip()
        found = parse(text) if text else None
        if text and found is None:
            raise forms.ValidationError("An id of a record, like P-48213.")
        return record_name(*found) if found else ""

    @property
    def applied(self) -> dict[str, Any]:
        """What was asked for, and understood."""
        known = self.cleaned_data if self.is_bound and (self.is_valid() or self.cleaned_data) else {}
        return {name: value for name, value in known.items() if value not in (None, "")}

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SHOWN]

    @property
    def hidden_away(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.SHOWN]

    @property
    def more_used(self) -> bool:
        """Whether what lies under More filters is in use, or wrong."""
        return any(field.name in self.applied or field.errors for field in self.hidden_away)

    def chips(self) -> list[tuple[str, str, str]]:
        """(name, label, value as shown) of each applied filter."""
        return [
            (name, str(self.fields[name].label), self._shown(name, value))
            for name, value in self.applied.items()
        ]

    def _shown(self, name: str, value: Any) -> str:
        if isinstance(value, Enterprise):
            return value.name or value.short_id
        if name == "outcome":
            return OUTCOMES[value].text
        return f"{value:%b %-d, %Y}" if name == "day" else str(value).rpartition(":")[2]

    @property
    def tab_value(self) -> str:
        asked = str(self.data.get("tab", CHANGES))
        return asked if asked in dict(TABS) else CHANGES

    def narrowed(self, rows: QuerySet[Exchange]) -> QuerySet[Exchange]:
        if "enterprise" in self.errors:  # none, or outside the person's scope: not as good as not said
            return rows.none()
        rows = rows.filter(_OF_TAB.get(self.tab_value, Q()))
        for name, value in self.applied.items():
            rows = _NARROW[name](rows, value)
        return rows


def _operations() -> list[str]:
    return sorted(name for name in OPERATIONS if name.partition(".")[0] in _SENDABLE)


def on_day(rows: QuerySet[Any], day: Any, column: str = "started_at") -> QuerySet[Any]:
    start = timezone.make_aware(datetime.combine(day, time()))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return reading.between(rows, column, start, end)


def _about(rows: QuerySet[Exchange], record: str) -> QuerySet[Exchange]:
    """Also the one that made it; a patient's are also those that speak of something of theirs."""
    noun, _, name = record.partition(":")
    found, about = parse(name), Q(record=record) | made.record(record)
    return rows.filter(about | Q(patient=found[1]) if noun == "patient" and found else about)


_NARROW: dict[str, Any] = {
    "day": on_day,
    "outcome": reading.with_outcome,
    "record": _about,
    "who": lambda rows, who: rows.filter(actor__in=(who, f"user:{who}", f"command:{who}")),
    "enterprise": lambda rows, enterprise: rows.filter(enterprise=enterprise.pk),
    "operation": lambda rows, name: rows.filter(operation=name),
    "status": reading.with_status,
    "origin": lambda rows, origin: rows.filter(origin=origin),
    "key": lambda rows, key: rows.filter(credential_fingerprint__startswith=key.lower()[:8]),
}
