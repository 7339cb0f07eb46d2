"""Payments received there, handed out once for posting in the practice's own system. Owns Posting rows.

Imports records and the audit. A posting's file can be written again; its payments are in no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.money import plain
from partnerportal.records.exports.columns import Value
from partnerportal.records.models import Enterprise
from partnerportal.sync.models import Posting, ReceivedPayment

HEADINGS = (
    "Paid on", "Payment", "Inbox Health id", "Patient", "Chart no.", "Last name", "First name",
    "Date of birth", "Method", "Description", "Amount",
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """What one enterprise received on one day, in cents; `left`: how many are not handed out yet."""

    day: date
    enterprise: Enterprise
    number: int
    total: int
    left: int
    left_total: int


def visible(user: Any) -> QuerySet[ReceivedPayment]:
    """Within the person's sight."""
    return ReceivedPayment.objects.filter(enterprise__in=Enterprise.objects.visible_to(user).values("pk"))


def days(user: Any, enterprise: int | None = None, most: int = 60) -> list[Day]:
    """The newest days, with what is still to be posted."""
    rows = visible(user) if enterprise is None else visible(user).filter(enterprise_id=enterprise)
    rows = rows.filter(payment__voided=False)
    grouped = rows.order_by().values("day", "enterprise")
    told = grouped.annotate(
        n=Count("pk"),
        total=Sum("payment__amount_cents"),
        left=Count("pk", filter=Q(posting=None)),
        left_total=Sum("payment__amount_cents", filter=Q(posting=None), default=0),
    ).order_by("-day", "enterprise")[:most]
    known = Enterprise.objects.light().in_bulk({row["enterprise"] for row in told})
    return [
        Day(r["day"], known[r["enterprise"]], r["n"], r["total"], r["left"], r["left_total"]) for r in told
    ]


def hand_out(context: Context, enterprise: Enterprise, day: date | None = None) -> Posting | None:
    """One posting of all that was not handed out yet, of a day or at all; None where nothing is left."""
    with transaction.atomic():
        Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
        rows = ReceivedPayment.objects.filter(enterprise=enterprise, posting=None, payment__voided=False)
        rows = rows.filter(day=day) if day else rows
        told = rows.aggregate(n=Count("pk"), total=Sum("payment__amount_cents"))
        if not told["n"]:
            return None
        posting = Posting.objects.create(
            enterprise=enterprise, actor=context.actor, number=told["n"], total_cents=told["total"]
        )
        ReceivedPayment.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(posting=posting)
        about = context.about(enterprise=enterprise.pk)
        entries.write("payments_handed_out", about, {"posting": posting.pk, "number": posting.number})
    return posting


def table(posting: Posting) -> Iterator[tuple[Value, ...]]:
    """The payments of a posting, oldest first, and their total in the last line."""
    rows = ReceivedPayment.objects.filter(posting=posting).select_related("payment__patient")
    for received in rows.order_by("day", "pk"):
        payment, patient = received.payment, received.payment.patient
        yield (
            received.day.isoformat(), payment.short_id, payment.remote_id or "", patient.short_id,
            patient.health_record_id, patient.last_name, patient.first_name,
            patient.date_of_birth.isoformat() if patient.date_of_birth else "", payment.method,
            payment.description, plain(payment.amount_cents),
        )  # fmt: skip
    yield ("Total", *[""] * (len(HEADINGS) - 2), plain(posting.total_cents))
