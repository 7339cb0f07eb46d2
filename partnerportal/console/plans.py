"""The page of a plan: what a push would do, and the button that does it. GET only shows.

Imports delivery's plans and the rows of plan_rows beside it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from partnerportal.console import keyset, plan_rows, plan_time
from partnerportal.console.acting import acting
from partnerportal.delivery import plans
from partnerportal.delivery.models import Plan
from partnerportal.delivery.plans import PLURALS, PlanChanged, PlanLapsed
from partnerportal.delivery.services import NoKey
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.ids import short_id
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import NOUNS

TABS = (
    ("create", "Created"),
    ("update", "Updated"),
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
    if environment_name() == "production" and not request.user.has_perm("accounts.confirm_in_production"):
        raise PermissionDenied("confirm in production")
    if plan.batch:
        return redirect("batch", plan.batch)
    try:
        job = plans.confirm_plan(plan, acting(request, cause=f"plan:{short_id('plan', plan.pk)}"))
    except PlanLapsed:
        return redirect("plan", plan.pk)
    except PlanChanged as error:
        return render(request, "sending/plan.html", _context(request, plan, error.ids), status=409)
    except NoKey:
        messages.error(
            request, "There is no API key to send with. Connect one in Account Settings. Nothing was sent."
        )
        return redirect("plan", plan.pk)
    return redirect("batch", job.pk)


@require_POST
def plan_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same selection, previewed anew."""
    plan = _own(request, pk)
    rows = NOUNS[plan.noun].objects.visible_to(request.user).filter(pk__in=plan.items.values("record_id"))
    fresh = plans.make_plan(request.user, plan.noun, rows, title=plan.title)  # type: ignore[arg-type]
    Plan.objects.filter(pk=fresh.pk).update(origin_url=plan.origin_url)
    return redirect("plan", fresh.pk)


def _own(request: HttpRequest, pk: int) -> Plan:
    """A plan is the page of whoever made it."""
    return get_object_or_404(Plan, pk=pk, staff_id=request.user.pk)


def _context(request: HttpRequest, plan: Plan, changed: list[int] | None = None) -> dict[str, Any]:
    total = plans.sendable(plan)
    parents = plans.parents_first(plan)
    tab = _tab(request, plan)
    page = keyset.slice_of(plan.items.filter(act=tab), request.GET, ascending=True)
    return {
        "title": plan.title or f"Plan {short_id('plan', plan.pk)}",
        "plan": plan,
        "total": total,
        "what": counted(total, plan.noun, PLURALS[plan.noun]),
        "summary": _summary(plan.counts),
        "confirmation": _confirmation(plan),
        "parents": parents,
        "time": plan_time.estimate(total, len(parents), ahead=plans.ahead()),
        "lapsed": timezone.now() - plan.created_at > plans.LAPSES,
        "changed": [short_id(plan.noun, pk) for pk in (changed or [])[:50]],
        "changed_more": max(len(changed or []) - 50, 0),
        "changed_number": len(changed or []),
        "tabs": [(act, label, plan.counts.get(act, 0)) for act, label in TABS if plan.counts.get(act)],
        "tab": tab,
        "page": page,
        "rows": plan_rows.rows_of(plan, page.rows, request.user),
    }


def _tab(request: HttpRequest, plan: Plan) -> str:
    """The one asked for, else the first that holds anything."""
    asked = request.GET.get("tab", "")
    known = [act for act, _ in TABS if plan.counts.get(act)]
    return asked if asked in known else next(iter(known), "create")


def _summary(counts: dict[str, int]) -> list[str]:
    """ "297 created", "1 unchanged, left out"."""
    words = {
        "create": "created",
        "update": "updated",
        "unchanged": "unchanged, left out",
        "not_valid": "not valid, left out",
        "busy": "on their way already, left out",
    }
    always = ("create", "update", "not_valid")
    return [
        f"{counts.get(act, 0):,} {word}" for act, word in words.items() if counts.get(act) or act in always
    ]


def _confirmation(plan: Plan) -> str:
    """What will happen, to how many, where, and whether it can be undone."""
    create, update = plan.counts.get("create", 0), plan.counts.get("update", 0)
    parts = [f"{number:,} {word}" for number, word in ((create, "created"), (update, "updated")) if number]
    where = environment_name().upper()
    undone = {
        "patient": "Inbox Health has no delete for patients.",
        "enterprise": "Inbox Health has no delete for enterprises.",
        "practice": "A practice can be deleted there later.",
        "doctor": "A doctor can be deleted there later.",
    }[plan.noun]
    return f"{', '.join(parts)} in {where}. {undone}" if parts else "Nothing to send."
