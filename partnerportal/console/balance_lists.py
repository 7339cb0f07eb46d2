"""What a balance is made of, for the Balance tab: invoices, payments, write-offs, what is on its way.

Imports records and delivery's models; each list is one query or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from partnerportal.console import delivery_rows, standing
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import InvoicePayment, LineItem, Patient
from partnerportal.records.state import SyncState

MOST = 50


@dataclass(frozen=True)
class Bill:
    """An invoice as a row of the tab. Cents. `torn`: how many of its lines are in conflict."""

    row: Any
    charged: int
    insurance: int
    balance: int
    torn: int


@dataclass(frozen=True)
class Paid:
    """A payment as a row of the tab. Cents. `torn`: how many of its parts are in conflict."""

    row: Any
    applied: int
    left: int
    torn: int


def deliveries(patient: Patient) -> QuerySet[Delivery]:
    """What of this patient's account is on its way and needs nobody: their own record, money, the reading."""
    own = Q(noun="patient", record_id=patient.pk)
    rows = Delivery.objects.filter(own | Q(account_pk=patient.pk), state__in=Delivery.OPEN)
    return rows.filter(needs_person_since=None).select_related("key", "batch").order_by("pk")


def on_the_way(patient: Patient, user: Any) -> list[Any]:
    return delivery_rows.rows_of(list(deliveries(patient)[:MOST]), user)


def invoices(patient: Patient) -> list[Bill]:
    """The newest first, deleted ones too: they are part of what was."""
    rows = list(patient.invoices.light().order_by("-date_of_service", "-pk")[:MOST])
    standing.prepare(rows)
    lines = _torn(LineItem, "invoice", rows)
    return [
        Bill(
            row, row.balance_cents + _applied(row), max(0, row.insurance_cents), row.balance_cents,
            lines.get(row.pk, 0),
        )
        for row in _with_applied(rows)
    ]  # fmt: skip


def _torn(model: Any, parent: str, rows: list[Any]) -> dict[int, int]:
    """How many below each of these rows are in conflict."""
    found = model.objects.filter(**{f"{parent}__in": [row.pk for row in rows]}).order_by()
    torn = found.filter(sync_state=SyncState.CONFLICT).values_list(parent)
    return dict(torn.annotate(number=Count("pk")))


def _with_applied(rows: list[Any]) -> list[Any]:
    found = InvoicePayment.objects.filter(invoice__in=[row.pk for row in rows], deleted=False).order_by()
    sums = dict(found.values_list("invoice").annotate(cents=Sum("amount_cents")))
    for row in rows:
        row.applied_cents = sums.get(row.pk, 0)
    return rows


def _applied(row: Any) -> int:
    return int(row.applied_cents)


def payments(patient: Patient) -> list[Paid]:
    rows = list(patient.payments.light().order_by("-pk")[:MOST])
    standing.prepare(rows)
    found = InvoicePayment.objects.filter(payment__in=[row.pk for row in rows], deleted=False).order_by()
    sums = dict(found.values_list("payment").annotate(cents=Sum("amount_cents")))
    torn = _torn(InvoicePayment, "payment", rows)
    return [
        Paid(
            row, sums.get(row.pk, 0), 0 if row.voided else row.amount_cents - sums.get(row.pk, 0),
            torn.get(row.pk, 0),
        )
        for row in rows
    ]  # fmt: skip


def write_offs(patient: Patient) -> list[Any]:
    rows = list(patient.write_offs.light().select_related("write_off_code").order_by("-date", "-pk")[:MOST])
    standing.prepare(rows)
    return rows
