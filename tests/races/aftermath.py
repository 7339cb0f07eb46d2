"""What must be true after a meeting, whoever came first. Reads rows here and the sandbox's, changes none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Max

from partnerportal.audit.models import Exchange
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.records.models import RECORDS, Enterprise, Mirror, Patient
from partnerportal.records.state import SyncState
from tests.races.arena import Case, still_open

WRITES = ("POST", "PUT", "DELETE")
PEOPLE = (
    SyncState.CONFLICT,
    SyncState.UNDECIDED,
    SyncState.FAILED,
    SyncState.MISSING_THERE,
    SyncState.NOT_VALID,
)


@dataclass
class Moment:
    """What was cancelled when the act was over, and the last exchange before that was known."""

    cancelled: list[int] = field(default_factory=list)
    exchange: int = 0

    def keep(self, case: Case) -> None:
        self.cancelled = list(case.deliveries().filter(state="cancelled").values_list("pk", flat=True))
        self.exchange = Exchange.objects.aggregate(last=Max("pk"))["last"] or 0


def at_rest(case: Case, moment: Moment) -> Iterator[str]:
    """Nothing is stuck, nothing went out after it was cancelled, nothing waits on an ended key."""
    for delivery in still_open():
        yield f"{delivery.record_name} {delivery.kind} stays {delivery.state} ({delivery.reason})"
    for attempt in Attempt.objects.filter(delivery__enterprise=case.enterprise, ended_at=None):
        yield f"attempt {attempt.number} of {attempt.operation} has not ended"
    late = Exchange.objects.filter(delivery__in=moment.cancelled, pk__gt=moment.exchange, method__in=WRITES)
    for exchange in late:
        yield f"{exchange.operation} of {exchange.record} went out after it was cancelled"
    ended = case.deliveries().filter(state__in=Delivery.OPEN, key__revoked_at__isnull=False)
    for delivery in ended:
        yield f"{delivery.record_name} {delivery.kind} waits on a key that was replaced"


@dataclass
class Sides:
    """Our rows within the case's enterprise, and all that stands there by resource and id."""

    ours: list[Mirror]
    there: dict[tuple[str, int], dict[str, Any]]

    @classmethod
    def of(cls, case: Case) -> Sides:
        return cls(rows_of(case), there(case))

    def is_asked(self, case: Case) -> bool:
        """Whether a person is asked about anything of this enterprise."""
        return any(row.sync_state in PEOPLE for row in self.ours) or (
            case.deliveries().filter(needs_person_since__isnull=False).exists()
        )

    def orphans(self, case: Case) -> Iterator[str]:
        """What is there and is tied to none of ours; a deleted invoice's lines went with it."""
        known = case.theirs | {(row.wire.resource, row.remote_id) for row in self.ours}
        blind = {row.wire.resource for row in self.ours if getattr(row, "seen_on_payment", False)}
        for (resource, number), record in self.there.items():
            invoice = self.there.get(("invoices", record.get("invoice_id") or 0), {})
            gone = record.get("hidden") or invoice.get("hidden")
            if (resource, number) not in known and resource not in blind and not gone:
                yield f"{resource} IH {number} is there and is none of ours"

    def disagreements(self) -> Iterator[str]:
        """Rows that say that they are in sync, and are not."""
        for row in self.ours:
            record = self.there.get((row.wire.resource, row.remote_id or 0))
            if row.remote_id is None or row.sync_state != SyncState.IN_SYNC:
                continue
            if record is None or (record.get("hidden") and not getattr(row, "deleted", False)):
                yield f"{row.record_name} is in sync here, and IH {row.remote_id} is not there"
            elif differs := [
                n for n, value in row.wire.values(row).items() if _differs(row, n, value, record)
            ]:
                yield f"{row.record_name} is in sync here, and differs there in {differs}"

    def unsettled(self) -> Iterator[str]:
        """After everything was pushed: what still is not in sync, and balances that differ."""
        for row in self.ours:
            if row.sync_state not in (SyncState.IN_SYNC, SyncState.REMOVED):
                yield f"{row.record_name} is {row.sync_state}, its delivery {row.delivery_state or 'none'}"
            if isinstance(row, Patient) and row.remote_id is not None:
                owed = self.there.get(("patients", row.remote_id), {}).get("balance_cents") or 0
                if (row.balance_cents, row.balance_there_cents or 0) != (owed, owed):
                    yield (
                        f"{row.short_id} owes {row.balance_cents} here, was read as"
                        f" {row.balance_there_cents}, owes {owed} there"
                    )


def rows_of(case: Case) -> list[Mirror]:
    """All of ours within the case's enterprise; one query tells which nouns it has."""
    models = {noun: model for noun, model in RECORDS.items() if noun not in ("enterprise", "endpoint")}
    asked = [
        f"SELECT '{noun}' WHERE EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE enterprise_id = %s)"
        for noun, model in models.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked), [case.enterprise.pk] * len(asked))
        nouns = [noun for (noun,) in cursor.fetchall()]
    below = [row for noun in nouns for row in models[noun].objects.filter(enterprise_id=case.enterprise.pk)]
    return [*Enterprise.objects.filter(pk=case.enterprise.pk), *below]


def there(case: Case) -> dict[tuple[str, int], dict[str, Any]]:
    """All that stands there, by resource and id."""
    counts = case.arena.sandbox.admin("GET", "state")["records"]
    return {
        (resource, record["id"]): record
        for resource in (model.wire.resource for model in RECORDS.values())
        if counts.get(resource)
        for record in case.arena.there(resource)
    }


def _differs(row: Any, name: str, ours: Any, record: dict[str, Any]) -> bool:
    form = row.wire.attribute(name).form
    answered = row.acknowledged.get(name, {}).get("answered")
    return ours is not None and form(record.get(name)) not in (ours, form(answered))
