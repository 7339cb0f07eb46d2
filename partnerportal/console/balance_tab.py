"""The Balance tab of a patient: what they owe, here and at Inbox Health, and what it is made of.

The page asks for itself again while something of the account is on its way. GET only shows.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console import balance_lists, balance_push
from partnerportal.console.acting import acting
from partnerportal.console.balance_panel import panel_of
from partnerportal.console.record_acts import NO_KEY
from partnerportal.console.record_pages import frame_of, in_sight
from partnerportal.delivery import services
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Patient


def balance_page(request: HttpRequest, pk: int) -> HttpResponse:
    patient = in_sight(request, "patient", pk)
    on_the_way = balance_lists.on_the_way(patient, request.user)
    context = {
        **frame_of(request, patient, "balance"),
        "on_the_way": on_the_way,
        "panel": panel_of(patient, busy=bool(on_the_way)),
        "invoices": balance_lists.invoices(patient),
        "payments": balance_lists.payments(patient),
        "write_offs": balance_lists.write_offs(patient),
        "unsent": len(balance_push.unsent(patient)) if request.user.has_perm("delivery.push") else 0,
        "acts": _acts(request, patient, busy=bool(on_the_way)),
    }
    return render(request, "money/balance.html", context)


def _acts(request: HttpRequest, patient: Patient, *, busy: bool) -> dict[str, bool]:
    """Which buttons stand on the tab, for who may."""
    user, kept = request.user, not patient.removed
    return {
        "assign": kept and user.has_perm("records.add_invoice"),
        "pay": kept and user.has_perm("records.add_payment"),
        "write_off": kept and user.has_perm("records.add_writeoff"),
        "compare": not busy and patient.remote_id is not None and user.has_perm("delivery.push"),
    }


@require_POST
def compare_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask Inbox Health for the balance, now; the tab shows it when it has come."""
    patient = in_sight(request, "patient", pk)
    if patient.remote_id is None:
        messages.error(request, f"{patient} is not at Inbox Health yet: there is nothing to compare with.")
        return redirect("balance", pk)
    about = acting(request, patient)
    try:
        services.request_reading(about, patient, Delivery.Kind.COMPARE, lane="interactive")
    except services.NoKey:
        messages.error(request, NO_KEY)
    else:
        entries.write("balance_compared", about)
    return redirect("balance", pk)
