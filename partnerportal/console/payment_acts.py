"""What is done with a payment besides applying and taking back: its words changed, never sent ones deleted.

Imports the payment forms and services.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.payment_forms import WordsForm
from partnerportal.console.payment_saving import on_its_way, saved, send
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery import deleting
from partnerportal.kernel.money import dollars
from partnerportal.records.dropping import drop_payment
from partnerportal.records.models import Payment
from partnerportal.records.paying import change_words


def payment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Description and day; amount and method are said once. [Save and push] sends the description."""
    payment: Payment = in_sight(request, "payment", pk)
    first = {"description": payment.description, "paid_on": payment.paid_on}
    form = WordsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        changed = saved(
            request, form, "payment_edited", payment, lambda: change_words(payment, **form.cleaned_data)
        )
        if changed is not None:
            if "push" in request.POST and changed.dirty:
                send(request, changed)
            messages.success(request, f"{payment} is saved.")
            return redirect("admin:records_payment_change", pk)
    context = {"title": f"Edit {payment}", "payment": payment, "patient": payment.patient, "form": form}
    return render(request, "money/payment_edit.html", context, status=422 if form.errors else 200)


def payment_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Only what was never sent; what it was applied to owes it again."""
    payment: Payment = in_sight(request, "payment", pk)
    patient = payment.patient
    back = redirect("admin:records_payment_change", pk)
    if payment.remote_id is not None:
        messages.error(request, "It is at Inbox Health, so it can’t be deleted here alone. Void it instead.")
        return back
    if on_its_way(payment):
        messages.error(request, "It is on its way. Cancel its delivery first.")
        return back
    if request.method == "POST":
        if saved(request, None, "", payment, lambda: _delete(request, payment)) is None:
            return back
        messages.success(request, f"Payment PAY-{pk} is deleted.")
        return redirect("balance", patient.pk)
    context = {
        "title": f"Delete {payment}",
        "sentence": f"{dollars(payment.amount_cents)} was never sent. It is deleted here, and what it was "
        "applied to is open again.",
        "back": f"/records/payment/{pk}/change/",
        "back_text": "Keep it",
        "act_text": f"Delete {payment.short_id}",
    }
    return render(request, "sending/confirm.html", context)


def _delete(request: HttpRequest, payment: Payment) -> bool:
    about: Any = acting(request, payment)
    with transaction.atomic():
        drop_payment(payment, deleting.forget)
        entries.write("payment_deleted", about)
    return True
