"""Exchanges and entries as files: when, who, what about which record, and what came of it; no content.

The wire itself goes out by `export_audit` alone, which masks it or asks for the grant. Imports audit.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from partnerportal.audit import made, reading
from partnerportal.audit.models import Answer
from partnerportal.console.audit_words import actor
from partnerportal.console.entries import EntryFilters
from partnerportal.console.exchange_filters import TABS, ExchangeFilters
from partnerportal.console.export_lists import NO_ENTERPRISE, Listed, Told
from partnerportal.kernel.ids import short_id

READS_ALL = "audit.view_answer"
OPEN = "no answer recorded"


def _exact(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds")


def _about(row: Any) -> str:
    return str(getattr(row, "about", row.record) or "").rpartition(":")[2]


def _enterprise(row: Any) -> str:
    return short_id("enterprise", row.enterprise) if row.enterprise else ""


def _exchanges(user: Any, query: dict[str, str]) -> QuerySet[Any]:
    answer = Answer.objects.filter(exchange=OuterRef("pk"))
    rows = ExchangeFilters(query, user).narrowed(reading.visible_exchanges(user)).defer("content")
    named: QuerySet[Any] = made.named(rows, reading.visible_entries(user)).annotate(
        enterprise_pk=Coalesce(F("enterprise"), Value(NO_ENTERPRISE)),
        status=Subquery(answer.values("status")[:1]),
        outcome=Subquery(answer.values("outcome")[:1]),
        seconds=Subquery(answer.values("seconds")[:1]),
    )
    return named


def _entries(user: Any, query: dict[str, str]) -> QuerySet[Any]:
    rows = EntryFilters(query).narrowed(reading.visible_entries(user))
    return rows.defer("content").annotate(enterprise_pk=Coalesce(F("enterprise"), Value(NO_ENTERPRISE)))


def _narrowed_exchanges(user: Any, query: dict[str, str]) -> list[str]:
    filters = ExchangeFilters(query, user)
    view = f"view {dict(TABS)[filters.tab_value]}"
    return [view, *(f"{label} {text}" for _, label, text in filters.chips())]


def _narrowed_entries(user: Any, query: dict[str, str]) -> list[str]:
    return [f"{label} {text}" for _, label, text in EntryFilters(query).chips()]


EXCHANGES = (
    Told("Exchange", lambda row: short_id("exchange", row.pk)),
    Told("Sent (UTC)", lambda row: _exact(row.started_at)),
    Told("By", lambda row: actor(row.actor)),
    Told("Origin", lambda row: row.origin),
    Told("Operation", lambda row: row.operation),
    Told("Record", _about),
    Told("Enterprise", _enterprise),
    Told("Attempt", lambda row: row.attempt or ""),
    Told("Status", lambda row: row.status if row.status is not None else ""),
    Told("Outcome", lambda row: row.outcome or OPEN),
    Told("Milliseconds", lambda row: round(row.seconds * 1000) if row.seconds is not None else ""),
    Told("Key", lambda row: row.credential_fingerprint),
    Told("Environment", lambda row: row.environment),
    Told("Correlation id", lambda row: row.correlation_id),
)
ENTRIES = (
    Told("Entry", lambda row: short_id("entry", row.pk)),
    Told("At (UTC)", lambda row: _exact(row.at)),
    Told("By", lambda row: actor(row.actor)),
    Told("What", lambda row: row.action),
    Told("Record", _about),
    Told("Enterprise", _enterprise),
    Told("Correlation id", lambda row: row.correlation_id),
)
AUDIT_LISTS: dict[str, Listed] = {
    "exchange": Listed("exchanges", READS_ALL, "exchanges", _exchanges, _narrowed_exchanges, EXCHANGES),
    "entry": Listed("entries", READS_ALL, "entries", _entries, _narrowed_entries, ENTRIES),
}
