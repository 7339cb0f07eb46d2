"""The page of one payment: amount, what it is applied to, the rest, what was taken back of it. GET only.

Imports record_pages for the frame that all records share, the words and records' ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.console import both_sides, payment_words, standing
from partnerportal.console.record_pages import frame_of, in_sight
from partnerportal.delivery.models import Delivery
from partnerportal.records.ledger import account, left_of
from partnerportal.records.models import Payment


@dataclass(frozen=True)
class Row:
    """A part of a payment, or a piece taken back of it, with where it stands."""

    record: Any
    standing: str
    delivery: Delivery | None
    may_drop: bool


def payment_page(request: HttpRequest, pk: int) -> HttpResponse:
    payment: Payment = in_sight(request, "payment", pk)
    user = request.user
    may_change = user.has_perm("records.change_payment")
    there = payment.remote_id is not None and not payment.voided
    asked = sum(payment.adjustments.values_list("amount_cents", flat=True))
    context = {
        **frame_of(request, payment, "details"),
        "differences": both_sides.differences(payment, user),
        "word": payment_words.standing(payment),
        "patient": payment.patient,
        "left": left_of(payment),
        "applied": payment.amount_cents - left_of(payment) if not payment.voided else 0,
        "parts": parts_of(payment),
        "adjustments": adjustments_of(payment),
        "open": {bill.key: bill.balance for bill in account(payment.patient).bills},
        "may_change": may_change,
        "may_apply": user.has_perm("records.add_invoicepayment")
        and left_of(payment) > 0
        and not payment.voided,
        "may_take_back": user.has_perm("records.add_paymentadjustment") and user.has_perm("delivery.push"),
        "can_refund": there and asked < payment.amount_cents,
        "can_void": there and not asked,
        "may_delete": user.has_perm("records.delete_payment") and payment.remote_id is None,
    }
    return render(request, "money/payment.html", context)


def parts_of(payment: Payment) -> list[Row]:
    """What it is applied to, in the order it was applied."""
    return _rows(list(payment.applications.select_related("invoice", "reason").order_by("pk")))


def adjustments_of(payment: Payment) -> list[Row]:
    """Refunds and the void, oldest first."""
    return _rows(list(payment.adjustments.order_by("pk")))


def _rows(records: list[Any]) -> list[Row]:
    deliveries = standing.deliveries_of(records)
    return [
        Row(
            record,
            standing.sentence(record, deliveries.get(record.pk)),
            deliveries.get(record.pk),
            droppable(record, deliveries.get(record.pk)),
        )
        for record in records
    ]


def droppable(record: Any, delivery: Delivery | None) -> bool:
    """Not there, and not on its way: refused, or never sent."""
    seen = getattr(record, "seen_on_payment", False)
    return (
        record.remote_id is None
        and not seen
        and (delivery is None or delivery.state == Delivery.State.FAILED)
    )
