"""Lists beyond the records that go out as files: deliveries and batches. Imports their pages' own choosing.

Nothing of a person is in them: records stand there by our id, causes by their words. Times are UTC, ISO.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from partnerportal.console import batch_words, batches, delivery_words
from partnerportal.console.audit_words import actor
from partnerportal.console.deliveries import VIEWS, DeliveryFilters, chosen
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import cause_words
from partnerportal.jobs.models import Job
from partnerportal.kernel.ids import short_id
from partnerportal.records.exports.columns import Value as CellValue

NO_ENTERPRISE = 0  # a batch over several of them; it is its asker's own


@dataclass(frozen=True)
class Told:
    """One column of such a list; nothing in it needs a mask."""

    heading: str
    tell: Callable[[Any], CellValue]

    def value(self, row: Any, masked: bool) -> CellValue:
        return self.tell(row)


@dataclass(frozen=True)
class Listed:
    """One list: who may, which rows a query of its page gives, how it says what it is narrowed to."""

    many: str
    permission: str
    address: str  # url name of its page
    rows: Callable[[Any, dict[str, str]], QuerySet[Any]]
    narrowed: Callable[[Any, dict[str, str]], list[str]]
    columns: tuple[Told, ...]


def _time(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def _deliveries(user: Any, query: dict[str, str]) -> QuerySet[Any]:
    rows = chosen(user, DeliveryFilters(query, user)).select_related("enterprise")
    heavy = ("detail", "enterprise__remote", "enterprise__acknowledged")
    told: QuerySet[Any] = rows.with_replacement().annotate(enterprise_pk=F("enterprise_id"))
    return told.defer(*heavy)


def _narrowed_deliveries(user: Any, query: dict[str, str]) -> list[str]:
    view = next((label for slug, label, _ in VIEWS if slug and slug == query.get("tab")), "")
    chips = DeliveryFilters(query, user).chips()
    return [*([f"view {view}"] if view else []), *(f"{label} {text}" for _, label, text in chips)]


def _cause(delivery: Delivery) -> str:
    return cause_words(delivery.cause_key, delivery.noun) if delivery.cause_key else ""


def _batches(user: Any, query: dict[str, str]) -> QuerySet[Any]:
    rows = batches.visible_batches(user) if user.is_active else Job.objects.none()
    return rows.annotate(enterprise_pk=Coalesce(F("enterprise_id"), Value(NO_ENTERPRISE)))


def _state_of(job: Job) -> str:
    counts = batches.counts_of([job])[job.pk]
    settled = sum(counts.get(state, 0) for state in Delivery.SETTLED)
    return batch_words.word(job, counts, done=settled >= max(job.total, sum(counts.values()))).text


DELIVERIES = (
    Told("Delivery", lambda row: short_id("delivery", row.pk)),
    Told("Record", lambda row: short_id(row.noun, row.record_id)),
    Told("Kind of record", lambda row: row.noun),
    Told("Act", lambda row: row.get_kind_display()),
    Told("State", lambda row: delivery_words.word(row).text),
    Told("Cause", _cause),
    Told("Replaced by", lambda row: short_id("delivery", row.replaced_by) if row.replaced_by else ""),
    Told("Tries", lambda row: row.attempts),
    Told("Enterprise", lambda row: row.enterprise.name),
    Told("Turn", lambda row: delivery_words.turn(row.lane)),
    Told("Batch", lambda row: short_id("batch", row.batch_id) if row.batch_id else ""),
    Told("By", lambda row: actor(row.actor)),
    Told("Asked for (UTC)", lambda row: _time(row.created_at)),
    Told("Last sent (UTC)", lambda row: _time(row.sent_at)),
    Told("Settled (UTC)", lambda row: _time(row.settled_at)),
)
BATCHES = (
    Told("Batch", lambda row: row.short_id),
    Told("What", lambda row: row.label),
    Told("State", _state_of),
    Told("Deliveries", lambda row: row.total),
    Told("By", lambda row: actor(row.actor)),
    Told("Started (UTC)", lambda row: _time(row.started_at)),
    Told("Ended (UTC)", lambda row: _time(row.finished_at)),
    Told("Enterprise", lambda row: short_id("enterprise", row.enterprise_id) if row.enterprise_id else ""),
)
LISTS: dict[str, Listed] = {
    "delivery": Listed(
        "deliveries",
        "delivery.view_delivery",
        "deliveries",
        _deliveries,
        _narrowed_deliveries,
        DELIVERIES,
    ),
    "batch": Listed(
        "batches", "delivery.view_delivery", "batches", _batches, lambda user, query: [], BATCHES
    ),
}
