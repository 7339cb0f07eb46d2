"""Assign a balance: a visit with its lines, entered on one page that shows what it comes to and what is sent.

GET only shows. POST keeps it, or adds and drops rows for a browser without script. Imports records' billing.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console import assign_bodies, assign_lines
from partnerportal.console.acting import acting
from partnerportal.console.assign_form import AssignForm
from partnerportal.console.payment_saving import send
from partnerportal.console.record_pages import in_sight
from partnerportal.kernel.numbers import counted
from partnerportal.records.account import NotAllowed
from partnerportal.records.billing import Entered, EnteredAlready, enter_visit
from partnerportal.records.ledger import account
from partnerportal.records.models import Patient


def assign_page(request: HttpRequest, pk: int) -> HttpResponse:
    patient = in_sight(request, "patient", pk)
    if patient.removed:
        messages.error(request, f"{patient} is removed. A balance goes to the record that is kept.")
        return redirect("admin:records_patient_change", pk)
    if request.method != "POST":
        return _shown(request, patient, AssignForm(patient))
    form = AssignForm(patient, request.POST)
    if _rows_asked_for(request, form):
        return _shown(request, patient, form, asked=True)
    if not form.is_valid():
        return _shown(request, patient, form, wrong=form.wrong)
    if "show" in request.POST:
        return _shown(request, patient, form, asked=True, bodies=_bodies(request, patient, form))
    try:
        entered = _enter(request, patient, form)
    except EnteredAlready as error:
        messages.info(request, f"It was saved already as {error.invoice.short_id}.")
        return redirect("balance", pk)
    except NotAllowed as error:
        return _shown(request, patient, form, wrong=[("lines", "", str(error))])
    _say_and_send(request, entered)
    return redirect("balance", pk)


@require_POST
def assign_bodies_part(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be sent for what is typed now, as the page shows it. Saves nothing."""
    patient = in_sight(request, "patient", pk)
    form = AssignForm(patient, request.POST)
    valid = form.is_valid()
    context = {"bodies": _bodies(request, patient, form) if valid else None, "wrong": form.wrong}
    return render(request, "money/assign_bodies.html", context)


def _enter(request: HttpRequest, patient: Patient, form: AssignForm) -> Entered:
    with transaction.atomic():
        entered = enter_visit(patient, form.entered())
        detail = {"lines": len(form.lines), "payments": [p.short_id for p in entered.payments]}
        entries.write("balance_assigned", acting(request, entered.invoice), detail)
    return entered


def _say_and_send(request: HttpRequest, entered: Entered) -> None:
    if "push" in request.POST and send(request, entered.invoice, *entered.payments):
        messages.success(request, f"{entered.invoice} is saved and on its way.")
    else:
        messages.success(request, f"{entered.invoice} is saved.")


def _rows_asked_for(request: HttpRequest, form: AssignForm) -> bool:
    """[Add line] and [Remove] of a browser without script; whether it was one of them."""
    drop = request.POST.get("drop", "")
    if drop.isdecimal() and len(drop) < 4:
        form.lines = [line for number, line in enumerate(form.lines) if number != int(drop)]
    if drop or "add" in request.POST:
        form.lines = form.lines if drop and form.lines else [*form.lines, assign_lines.fresh(len(form.lines))]
        return True
    return False


def _bodies(request: HttpRequest, patient: Patient, form: AssignForm) -> dict[str, Any]:
    visit, total = form.entered(), form.sum(account(patient))
    applied = sum(taken.amount for taken in visit.taken) - total.rest
    reveal = request.user.has_perm("accounts.reveal_phi")
    return {
        "first": assign_bodies.parents_of(patient, visit),
        "sendings": assign_bodies.sendings(patient, visit, applied=applied, reveal=reveal),
    }


def _shown(
    request: HttpRequest,
    patient: Patient,
    form: AssignForm,
    *,
    asked: bool = False,
    wrong: list[tuple[str, str, str]] | None = None,
    bodies: dict[str, Any] | None = None,
) -> HttpResponse:
    """`asked`: the page was asked to change, so nothing typed is complained about."""
    total = form.sum(account(patient))
    name = patient.name or patient.short_id
    context = {
        "title": f"Assign a balance to {patient.short_id}",
        "record": patient,
        "enterprise": patient.enterprise,
        "form": form,
        "lines": form.lines or [assign_lines.fresh()],
        "blank": assign_lines.LineForm(number=0, initial={"quantity": 1}),
        "quiet": asked,
        "wrong": wrong or [],
        "name": name,
        "total": total,
        "outcome": total.outcome(name),
        "bodies": bodies,
        "no_practice": not form.visit.fields["practice"].queryset.exists(),  # type: ignore[attr-defined]
        "may_push": request.user.has_perm("delivery.push"),
        "number_of_lines": counted(len(form.lines), "line"),
    }
    return render(request, "money/assign.html", context, status=422 if wrong else 200)
