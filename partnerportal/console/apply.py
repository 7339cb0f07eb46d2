"""Apply what is left of a payment, change or un-apply what is applied. The result is shown first.

Imports the payment forms and records' services. Each POST is one transaction with an entry, then a push.
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
from partnerportal.console.payment_forms import AmountForm, ApplyForm
from partnerportal.console.payment_page import droppable
from partnerportal.console.payment_saving import saved, send
from partnerportal.console.record_pages import in_sight
from partnerportal.console.standing import deliveries_of
from partnerportal.delivery import deleting
from partnerportal.kernel.money import dollars
from partnerportal.records.account import NotAllowed
from partnerportal.records.dropping import drop_application
from partnerportal.records.ledger import account, left_of
from partnerportal.records.locks import hold
from partnerportal.records.models import InvoicePayment, Payment
from partnerportal.records.paying import apply_to, change_applied, oldest_first
from partnerportal.records.recording import OLDEST, refuse_overpaid


def payment_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left, oldest first with the result shown, or to one invoice."""
    payment: Payment = in_sight(request, "payment", pk)
    form = ApplyForm(payment, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = saved(request, form, "", payment, lambda: _apply(request, payment, form.cleaned_data))
        if made is not None:
            if not made:
                messages.info(request, "Nothing was applied: no invoice is open.")
            elif "push" in request.POST and send(request, *made):
                return redirect("balance", payment.patient_id)
            return redirect("admin:records_payment_change", pk)
    left = left_of(payment)
    context = {
        "title": f"Apply {payment.short_id}",
        "payment": payment,
        "patient": payment.patient,
        "form": form,
        "left": left,
        "spread": _spread(payment),
        "rest": left - sum(cents for _, cents in oldest_first(payment)),
    }
    return render(request, "money/apply.html", context, status=422 if form.errors else 200)


def _spread(payment: Payment) -> list[dict[str, Any]]:
    bills = {bill.key: bill.balance for bill in account(payment.patient).bills}
    return [
        {"invoice": invoice, "cents": cents, "before": bills[invoice.pk], "after": bills[invoice.pk] - cents}
        for invoice, cents in oldest_first(payment)
    ]


def _apply(request: HttpRequest, payment: Payment, data: dict[str, Any]) -> list[InvoicePayment]:
    """Raises NotAllowed."""
    hold(payment.patient_id)
    if data["known"] is not None and payment.applications.count() != data["known"]:
        raise NotAllowed("Something of it was applied while this page was open. Look at what is left.")
    if data["how"] == OLDEST:
        wanted = oldest_first(payment)
    else:
        invoice = data["invoice"]
        left = left_of(payment)
        most = next((b.balance for b in account(payment.patient).bills if b.key == invoice.pk), 0)
        cents = data["cents"] if data["cents"] is not None else min(left, max(0, most))
        refuse_overpaid(payment.patient, invoice, cents)
        wanted = [(invoice, cents)]
    made = [apply_to(payment, invoice, cents, reason=data.get("reason")) for invoice, cents in wanted]
    for part in (one for one in made if one is not None):
        entries.write("payment_applied", acting(request, payment), {"application": part.short_id})
    return [part for part in made if part is not None]


def application_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply more or less of it; $0.00 un-applies it."""
    part = _part(request, pk)
    payment, was = part.payment, part.amount_cents
    form = AmountForm(request.POST or None, initial={"amount": was})
    if request.method == "POST" and form.is_valid():
        cents = form.cleaned_data["amount"]
        if saved(request, form, "application_changed", part, lambda: _change(part, cents)) is not None:
            if "push" in request.POST and send(request, *InvoicePayment.objects.filter(pk=part.pk)):
                return redirect("balance", payment.patient_id)
            messages.success(request, f"{dollars(cents)} of {payment} is applied to {part.invoice}.")
            return redirect("admin:records_payment_change", payment.pk)
    context = {
        "title": f"Change what {payment.short_id} is applied to",
        "payment": payment,
        "patient": payment.patient,
        "part": part,
        "form": form,
        "most": left_of(payment) + was,
    }
    return render(request, "money/apply_change.html", context, status=422 if form.errors else 200)


def _change(part: InvoicePayment, cents: int) -> InvoicePayment:
    """Raises NotAllowed."""
    if cents > part.amount_cents:
        refuse_overpaid(part.payment.patient, part.invoice, cents - part.amount_cents)
    if part.remote_id is None and cents == 0:
        raise NotAllowed("It was never sent. Take it back instead.", "amount")
    return change_applied(part, cents)


@require_POST
def application_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was applied and is not at Inbox Health."""
    part = _part(request, pk)
    payment = part.payment
    if not droppable(part, deliveries_of([part]).get(part.pk)):
        messages.error(request, "It is on its way or there already. Change it to $0.00 instead.")
    elif saved(request, None, "", payment, lambda: _drop(request, payment, part)):
        messages.success(request, f"{dollars(part.amount_cents)} of {payment} is unapplied again.")
    return redirect("admin:records_payment_change", payment.pk)


def _drop(request: HttpRequest, payment: Payment, part: InvoicePayment) -> bool:
    with transaction.atomic():
        drop_application(part, deleting.forget)
        entries.write("application_dropped", acting(request, payment), {"cents": part.amount_cents})
    return True


def _part(request: HttpRequest, pk: int) -> InvoicePayment:
    rows = InvoicePayment.objects.visible_to(request.user).filter(deleted=False)
    found: InvoicePayment = get_object_or_404(rows.select_related("payment__patient", "invoice"), pk=pk)
    return found
