"""Refund or void a payment: the consequence is said with figures before it is confirmed, then it is sent.

Imports the payment forms, words and records' services. What Inbox Health refused can be dropped again.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.payment_forms import AmountForm
from partnerportal.console.payment_page import droppable
from partnerportal.console.payment_saving import saved, send
from partnerportal.console.payment_words import refund_sentence, void_sentence
from partnerportal.console.record_pages import in_sight
from partnerportal.console.standing import deliveries_of
from partnerportal.delivery import deleting
from partnerportal.kernel.money import dollars
from partnerportal.records.dropping import drop_adjustment
from partnerportal.records.models import Payment, PaymentAdjustment
from partnerportal.records.paying import take_back


def payment_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """First the amount, then what it does, then it is sent: the second page repeats the amount."""
    payment: Payment = in_sight(request, "payment", pk)
    left = payment.amount_cents - sum(payment.adjustments.values_list("amount_cents", flat=True))
    first = {"amount": left, "known": payment.adjustments.count()}
    form = AmountForm(request.POST or None, initial=first)
    asked = None
    if request.method == "POST" and form.is_valid():
        cents = form.cleaned_data["amount"]
        if not 0 < cents <= left:
            form.add_error(
                "amount",
                f"{dollars(cents)} is more than the {dollars(left)} left to refund."
                if cents > 0
                else "A refund has to be more than $0.00.",
            )
        elif "confirm" in request.POST:
            if _take_back(request, form, payment, cents, void=False):
                return redirect("admin:records_payment_change", pk)
        else:
            asked = cents
    context = {
        **_context(payment, f"Refund {payment.short_id}"),
        "form": form,
        "left": left,
        "asked": asked,
        "sentence": refund_sentence(payment, asked) if asked else "",
    }
    return render(request, "money/take_back.html", context, status=422 if form.errors else 200)


def payment_void(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole of it, and what was applied of it."""
    payment: Payment = in_sight(request, "payment", pk)
    form = AmountForm(
        request.POST or None, initial={"amount": payment.amount_cents, "known": payment.adjustments.count()}
    )
    asked = request.method == "POST" and form.is_valid()
    if asked and _take_back(request, form, payment, payment.amount_cents, void=True):
        return redirect("admin:records_payment_change", pk)
    context = {
        **_context(payment, f"Void {payment.short_id}"),
        "form": form,
        "void": True,
        "sentence": void_sentence(payment, payment.patient.name or payment.patient.short_id),
    }
    return render(request, "money/take_back.html", context, status=422 if form.errors else 200)


def _context(payment: Payment, title: str) -> dict[str, Any]:
    return {"title": title, "payment": payment, "patient": payment.patient}


def _take_back(request: HttpRequest, form: AmountForm, payment: Payment, cents: int, *, void: bool) -> bool:
    if payment.remote_id is None:
        form.add_error(None, "It is not at Inbox Health, so nothing can be taken back there.")
        return False
    action = "payment_void_asked" if void else "payment_refund_asked"
    known = form.cleaned_data["known"]
    made = saved(request, form, "", payment, lambda: _asked(request, payment, cents, void, known, action))
    if made is None:
        return False
    if send(request, made):
        word = "void" if void else "refund"
        messages.info(request, f"The {word} of {dollars(cents)} is on its way to Inbox Health.")
    return True


def _asked(
    request: HttpRequest, payment: Payment, cents: int, void: bool, known: int | None, action: str
) -> PaymentAdjustment:
    made = take_back(payment, cents, void=void, known=known)
    entries.write(action, acting(request, payment), {"adjustment": made.short_id, "cents": cents})
    return made


@require_POST
def adjustment_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a refund or void that Inbox Health refused or never got."""
    adjustment = _adjustment(request, pk)
    payment = adjustment.payment
    if not droppable(adjustment, deliveries_of([adjustment]).get(adjustment.pk)):
        messages.error(request, "It is on its way or done. It can’t be dropped.")
    elif saved(request, None, "", payment, lambda: _drop(request, payment, adjustment)):
        messages.success(
            request, f"{'The void' if adjustment.void else 'The refund'} is dropped. Nothing changed there."
        )
    return redirect("admin:records_payment_change", payment.pk)


def _drop(request: HttpRequest, payment: Payment, adjustment: PaymentAdjustment) -> bool:
    said = {"cents": adjustment.amount_cents, "void": adjustment.void}
    with transaction.atomic():
        drop_adjustment(adjustment, deleting.forget)
        entries.write("adjustment_dropped", acting(request, payment), said)
    return True


def _adjustment(request: HttpRequest, pk: int) -> PaymentAdjustment:
    rows = PaymentAdjustment.objects.visible_to(request.user).select_related("payment__patient")
    found: PaymentAdjustment = get_object_or_404(rows, pk=pk)
    return found
