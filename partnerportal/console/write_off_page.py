"""Write off what a patient need not pay, with the balance before and after. Imports forms and paying."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.console.payment_forms import WriteOffForm
from partnerportal.console.payment_saving import saved, send
from partnerportal.console.permitted import permitted
from partnerportal.console.record_pages import in_sight
from partnerportal.kernel.money import dollars, owed
from partnerportal.records.balances import Account, breakdown
from partnerportal.records.forecast import after_write_off
from partnerportal.records.ledger import account
from partnerportal.records.models import Patient, WriteOff
from partnerportal.records.paying import write_off


def write_off_add(request: HttpRequest, pk: int) -> HttpResponse:
    """[Show the result] says before and after; [Save] and [Save and push] do it."""
    patient: Patient = in_sight(request, "patient", pk)
    now = account(patient)
    owes = breakdown(now).owes
    form = WriteOffForm(patient, request.POST or None, initial={"amount": max(0, owes) or None})
    sentence = _sentence(patient, now, max(0, owes)) if request.method == "GET" and owes > 0 else ""
    if request.method == "POST" and form.is_valid():
        cents = form.cleaned_data["amount"]
        sentence = _sentence(patient, now, cents)
        if "preview" not in request.POST:
            made = saved(request, form, "write_off_recorded", patient, lambda: _write_off(patient, form))
            if made is not None:
                return _after(request, patient, made)
    context = {
        "title": f"Write off for {patient.short_id}",
        "patient": patient,
        "form": form,
        "owes": owes,
        "sentence": sentence,
        "has_codes": form.fields["code"].queryset.exists(),  # type: ignore[attr-defined]
        "may_add_code": permitted(request.user, "add", "write_off_code"),
    }
    return render(request, "money/write_off.html", context, status=422 if form.errors else 200)


def _sentence(patient: Patient, now: Account, cents: int) -> str:
    before, then = breakdown(now).owes, breakdown(after_write_off(now, cents)).owes
    return f"{patient.name or patient.short_id} owes {owed(before)} now, and {owed(then)} after it."


def _write_off(patient: Patient, form: WriteOffForm) -> WriteOff:
    data = form.cleaned_data
    return write_off(patient, data["code"], data["amount"], data["day"], known=data["known"])


def _after(request: HttpRequest, patient: Patient, made: WriteOff) -> HttpResponse:
    messages.success(request, f"{dollars(made.amount_cents)} is written off.")
    if "push" in request.POST:
        send(request, made)
    return redirect("balance", patient.pk)
