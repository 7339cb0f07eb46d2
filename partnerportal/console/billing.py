"""Billing of one or many patients: chosen, confirmed with to how many people and for how much, then sent.

Imports the listings, records' billing status and delivery's billing.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from partnerportal.console import billing_words
from partnerportal.console.acting import acting
from partnerportal.console.people import current
from partnerportal.console.record_lists import LISTINGS
from partnerportal.delivery import billing, plans
from partnerportal.delivery.models import Plan
from partnerportal.delivery.plans import PlanChanged, PlanLapsed
from partnerportal.delivery.services import NoKey
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.ids import short_id
from partnerportal.kernel.numbers import counted
from partnerportal.records.billing_status import SETTABLE
from partnerportal.records.models import Patient

LARGE = 25  # people; more of them, in production, and the number is typed


@require_POST
def billing_choose(request: HttpRequest) -> HttpResponse:
    """Freeze who was ticked, or all that match, and lead to the page that says what each choice does."""
    seen = Patient.objects.visible_to(request.user)
    if request.POST.get("scope") == "all":
        asked = QueryDict(request.POST.get("query", "")).dict()
        rows = LISTINGS["patient"].matching(request.user, asked)
        chosen = seen.filter(pk__in=rows.order_by().values("pk"))
    else:
        ids = [int(text) for text in request.POST.getlist("ids") if text.isdecimal() and len(text) < 19]
        chosen = seen.filter(pk__in=ids[: billing.MOST + 1])
    number = chosen.count()
    if not number:
        messages.warning(request, "Nothing is ticked. Tick patients first.")
        return redirect("admin:records_patient_changelist")
    try:
        plan = billing.freeze(current(request), chosen, f"Billing of {counted(number, 'patient')}")
    except billing.TooMany:
        most = f"{billing.MOST:,}"
        messages.warning(request, f"{most} patients at a time. Narrow the list first, by enterprise for one.")
        return redirect("admin:records_patient_changelist")
    return redirect("billing", plan.pk)


def billing_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what each choice does; the POST of one does it."""
    plan = get_object_or_404(Plan, pk=pk, staff_id=request.user.pk, facts__billing=True)
    if plan.batch:
        return redirect("batch", plan.batch)
    status = request.POST.get("status", "")
    if request.method == "POST" and status in SETTABLE:
        return _confirm(request, plan, status)
    return _show(request, plan)


def _show(
    request: HttpRequest, plan: Plan, *, changed: dict[tuple[str, int], str] | None = None, wrong: str = ""
) -> HttpResponse:
    number = plan.counts[billing.CHOSEN]
    one = plan.items.first() if number == 1 else None
    patient = Patient.objects.visible_to(request.user).filter(pk=one.record_id).first() if one else None
    lapsed = bool(plan.confirmed_at) or timezone.now() - plan.created_at > plans.LAPSES
    context = {
        "title": f"Billing of {patient.short_id}" if patient else plan.title,
        "plan": plan,
        "patient": patient,
        "number": number,
        "choices": [_choice(plan, status, number, wrong) for status in SETTABLE],
        "lapsed": lapsed,
        "changed": None if changed is None else [short_id(*key) for key in list(changed)[:50]],
    }
    return render(
        request, "money/billing.html", context, status=422 if wrong else 409 if changed is not None else 200
    )


def _choice(plan: Plan, status: str, number: int, wrong: str) -> dict[str, Any]:
    found = billing.figures(plan, status)
    return {
        "status": status,
        "figures": found,
        "label": billing_words.label(status),
        "sentence": billing_words.sentence(status, found),
        "left_out": billing_words.left_out(found),
        "act": billing_words.act(status, found.number + found.here),
        "asks": _asks(found),
        "wrong": wrong == status,
    }


def _asks(found: billing.Figures) -> bool:
    return environment_name() == "production" and found.number > LARGE


def _confirm(request: HttpRequest, plan: Plan, status: str) -> HttpResponse:
    found = billing.figures(plan, status)
    if _asks(found) and not _number_typed(request, found.number):
        return _show(request, plan, wrong=status)
    shown = tuple(
        int(text) if text.isdecimal() else -1
        for text in (request.POST.get("number", ""), request.POST.get("owed", ""))
    )
    about = acting(request, cause=f"plan:{short_id('plan', plan.pk)}")
    try:
        job = billing.confirm(plan, current(request), about, status, (shown[0], shown[1]))
    except PlanLapsed:
        return _show(request, plan)
    except PlanChanged as error:
        return _show(request, plan, changed=error.why)
    except NoKey:
        messages.error(
            request,
            "There is no API key to send with. Connect one under Account Settings. Nothing was changed.",
        )
        return redirect("billing", plan.pk)
    if job is None:
        messages.success(request, "Changed here. Nothing of it is at Inbox Health yet.")
        return redirect("admin:records_patient_changelist")
    return redirect("batch", job.pk)


def _number_typed(request: HttpRequest, number: int) -> bool:
    if not request.user.has_perm("accounts.confirm_in_production"):
        raise PermissionDenied("confirm in production")
    return request.POST.get("typed", "").replace(",", "").strip() == str(number)
