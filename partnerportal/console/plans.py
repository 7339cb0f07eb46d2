"""The page of a plan: what a push would do, and the button that does it. GET only shows.

Imports delivery's plans and arrival, and the words and rows of plan_words and plan_rows beside it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from partnerportal.accounts.gateway import key_for
from partnerportal.console import keyset, plan_rows, plan_words
from partnerportal.console.acting import acting
from partnerportal.console.people import current
from partnerportal.delivery import arrival, plans
from partnerportal.delivery.models import Plan
from partnerportal.delivery.plans import PlanChanged, PlanLapsed
from partnerportal.delivery.services import NoKey
from partnerportal.kernel.ids import short_id
from partnerportal.records.models import RECORDS

FIRST = 5
CHANGED_SHOWN = 50
ALONG = "along"
TABS = (
    ("create", "New"),
    ("update", "Changed"),
    (ALONG, "Goes along"),
    ("unchanged", "Unchanged"),
    ("not_valid", "Not valid"),
    ("busy", "On their way already"),
)


def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _own(request, pk)
    if plan.batch:
        return redirect("batch", plan.batch)
    return render(request, "sending/plan.html", _context(request, plan))


@require_POST
def plan_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Compares and starts the batch; a plan that lapsed or changed is explained, and nothing is sent."""
    plan = _own(request, pk)
    if plan.batch:
        return redirect("batch", plan.batch)
    if plan_words.asks_for_the_number(plan) and not _number_typed(request, plan):
        context = {**_context(request, plan), "not_typed": True, "begin": request.POST.get("begin", "")}
        return render(request, "sending/plan.html", context, status=422)
    first = FIRST if request.POST.get("begin") == "first" else 0
    try:
        about = acting(request, cause=f"plan:{short_id('plan', plan.pk)}")
        job = plans.confirm_plan(plan, about, first=first)
    except PlanLapsed:
        return redirect("plan", plan.pk)
    except PlanChanged as error:
        return render(request, "sending/plan.html", _context(request, plan, error.why), status=409)
    except NoKey:
        messages.error(
            request, "There is no API key to send with. Connect one in Account Settings. Nothing was sent."
        )
        return redirect("plan", plan.pk)
    return redirect("batch", job.pk)


def _number_typed(request: HttpRequest, plan: Plan) -> bool:
    """In production a large or risky push takes a permission and the number, typed."""
    if not request.user.has_perm("accounts.confirm_in_production"):
        raise PermissionDenied("confirm in production")
    return request.POST.get("typed", "").replace(",", "").strip() == str(plans.sendable(plan))


@require_POST
def plan_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same selection, previewed anew."""
    plan = _own(request, pk)
    mine = plan.items.filter(why="")
    rows = {
        noun: RECORDS[noun]
        .objects.visible_to(request.user)
        .filter(pk__in=mine.filter(noun=noun).values("record_id"))
        for noun in RECORDS
        if mine.filter(noun=noun).exists()
    }
    fresh = plans.make_plan_of(current(request), rows or {plan.noun: _none(plan)}, title=plan.title)
    Plan.objects.filter(pk=fresh.pk).update(origin_url=plan.origin_url)
    return redirect("plan", fresh.pk)


def _none(plan: Plan) -> Any:
    return RECORDS[plan.noun].objects.none()


def _own(request: HttpRequest, pk: int) -> Plan:
    """A plan is the page of whoever made it."""
    return get_object_or_404(Plan, pk=pk, staff_id=request.user.pk)


def _context(
    request: HttpRequest, plan: Plan, changed: dict[tuple[str, int], str] | None = None
) -> dict[str, Any]:
    total, changed = plans.sendable(plan), changed or {}
    counts = {**plan.counts, ALONG: sum(plan.facts.get("along", {}).values())}
    tab = _tab(request, counts)
    items = plan.items.exclude(why="") if tab == ALONG else plan.items.filter(act=tab, why="")
    page = keyset.slice_of(items, request.GET, ascending=True)
    return {
        "title": plan.title or f"Plan {short_id('plan', plan.pk)}",
        "plan": plan,
        "came_from": plan_words.came_from(plan),
        "total": total,
        "what": plans.what_goes(plan),
        "summary": plan_words.summary(plan.counts),
        "confirmation": plan_words.confirmation(plan),
        "statements": plan_words.statements(plan),
        "asks": plan_words.asks_for_the_number(plan),
        "first": FIRST if total > FIRST else 0,
        "along": plans.of_nouns(plan.facts.get("along", {})),
        "requests": plan_words.requests(plan),
        "held": plan_words.held(plan),
        "time": arrival.estimate(sum(plan.facts.get("requests", {}).values()), key_for(current(request))),
        "lapsed": timezone.now() - plan.created_at > plans.LAPSES,
        "changed": [(short_id(*key), why) for key, why in list(changed.items())[:CHANGED_SHOWN]],
        "changed_more": max(len(changed) - CHANGED_SHOWN, 0),
        "changed_number": len(changed),
        "tabs": [(act, label, counts.get(act, 0)) for act, label in TABS if counts.get(act)],
        "tab": tab,
        "page": page,
        "rows": plan_rows.rows_of(page.rows, request.user),
    }


def _tab(request: HttpRequest, counts: dict[str, int]) -> str:
    """The one asked for, else the first that holds anything."""
    asked = request.GET.get("tab", "")
    known = [act for act, _ in TABS if counts.get(act)]
    return asked if asked in known else next(iter(known), "create")
