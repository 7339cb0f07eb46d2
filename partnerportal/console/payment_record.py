"""Record a payment: taken elsewhere, applied, with the result shown before it is saved.

Imports the payment forms and records' recording. A second save of one form leads to the payment it made.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.payment_forms import PaymentForm
from partnerportal.console.payment_saving import saved, say, send
from partnerportal.console.payment_words import Forecast, forecast
from partnerportal.console.record_pages import in_sight
from partnerportal.kernel.money import dollars
from partnerportal.records.account import NotAllowed
from partnerportal.records.balances import breakdown
from partnerportal.records.ledger import account
from partnerportal.records.models import Invoice, Patient
from partnerportal.records.recording import Recorded, outlook, record_payment


def payment_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a patient's payment. A `preview` button shows the result and saves nothing."""
    patient = in_sight(request, "patient", pk)
    form = PaymentForm(patient, request.POST or None, initial=_asked(request, patient))
    shown = None
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            recorded = _record(request, patient, form)
            if recorded is not None:
                return _after(request, patient, recorded)
        else:
            shown = _forecast(request, patient, form)
    return render(
        request, "money/payment_add.html", _context(patient, form, shown), status=422 if form.errors else 200
    )


@require_POST
def payment_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The result alone, for the page's script, as it stands while somebody types. Changes nothing."""
    patient = in_sight(request, "patient", pk)
    form = PaymentForm(patient, request.POST)
    shown = _forecast(request, patient, form) if form.is_valid() else None
    refused = (
        next((str(errors[0]) for errors in form.errors.values()), "") if "amount" in form.cleaned_data else ""
    )
    return render(
        request, "money/payment_forecast.html", {"forecast": shown, "refused": refused, "patient": patient}
    )


def _context(patient: Patient, form: PaymentForm, shown: Forecast | None) -> dict[str, Any]:
    return {
        "title": f"Record a payment of {patient.short_id}",
        "patient": patient,
        "form": form,
        "forecast": shown,
        "owes": breakdown(account(patient)).owes,
        "has_reasons": form.fields["reason"].queryset.exists(),  # type: ignore[attr-defined]
    }


def _asked(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """Coming from an invoice: applied to that one."""
    named = request.GET.get("invoice", "")
    mine = Invoice.objects.filter(patient=patient, deleted=False, pk=int(named) if named.isdecimal() else 0)
    return {"how": "one", "invoice": mine[0].pk} if mine.exists() else {}


def _forecast(request: HttpRequest, patient: Patient, form: PaymentForm) -> Forecast | None:
    try:
        return forecast(patient, form.receipt(), outlook(patient, form.receipt()))
    except NotAllowed as error:
        say(request, form, error)
        return None


def _record(request: HttpRequest, patient: Patient, form: PaymentForm) -> Recorded | None:
    def act() -> Recorded:
        made = record_payment(patient, form.receipt())
        if made.made:
            entries.write("payment_recorded", acting(request, made.payment))
        for line in made.lines:
            entries.write(
                "line_item_edited", acting(request, line), {"fields": ["insurance_owed_amount_cents"]}
            )
        return made

    return saved(request, form, "", patient, act)


def _after(request: HttpRequest, patient: Patient, recorded: Recorded) -> HttpResponse:
    payment = recorded.payment
    if not recorded.made:
        messages.info(request, f"{payment} was saved from this form already.")
        return redirect("admin:records_payment_change", payment.pk)
    messages.success(request, f"{payment} of {dollars(payment.amount_cents)} is recorded.")
    if "push" in request.POST and send(
        request, payment, *[line for line in recorded.lines if line.remote_id]
    ):
        return redirect("balance", patient.pk)
    return redirect("admin:records_payment_change", payment.pk)
