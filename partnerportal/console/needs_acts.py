"""What one does about a group: send it again, set it aside with a reason, bring it back. POST only.

Imports delivery's needs, asides and plans.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnerportal.console.acting import acting
from partnerportal.console.needs_groups import sentence_of
from partnerportal.console.needs_pages import asked
from partnerportal.delivery import asides, needs
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.delivery.plans import make_plan, of_records
from partnerportal.records.models import RECORDS

MOST_TICKS = 1000


@require_POST
def needs_again(request: HttpRequest) -> HttpResponse:
    """The group's records as a plan; its page is the confirmation."""
    kind, noun, cause = asked(request.POST)
    chosen = needs.of(request.user, kind, noun, cause).filter(kind=Delivery.Kind.PUSH)
    rows = RECORDS[noun].objects.visible_to(request.user).filter(pk__in=chosen.order_by().values("record_id"))
    if not rows.exists():
        messages.info(request, "Nothing of it is left: somebody was faster.")
        return redirect("needs")
    plan = make_plan(request.user, noun, rows)  # type: ignore[arg-type]
    title = f"Send {of_records(sum(plan.counts.values()), noun)} again"
    Plan.objects.filter(pk=plan.pk).update(title=title, origin_url=reverse("needs"))
    return redirect("plan", plan.pk)


@require_POST
def needs_aside(request: HttpRequest) -> HttpResponse:
    """Without a reason it asks for one; with one it does it. `ids`: only those of the group."""
    kind, noun, cause = asked(request.POST)
    chosen = _ticked(needs.of(request.user, kind, noun, cause), request.POST.getlist("ids"))
    reason = request.POST.get("reason", "").strip()
    if not reason or not chosen.exists():
        return _ask_why(request, chosen, (kind, noun, cause))
    number = asides.set_aside(acting(request), chosen, reason)
    what = of_records(number, noun)
    messages.info(request, f"{what} set aside. Each comes back when it changes.")
    return redirect("needs")


def _ticked(chosen: QuerySet[Delivery], ids: list[str]) -> QuerySet[Delivery]:
    numbers = [int(text) for text in ids[:MOST_TICKS] if text.isascii() and text.isdigit() and len(text) < 19]
    return chosen.filter(pk__in=numbers) if ids else chosen


def _ask_why(request: HttpRequest, chosen: QuerySet[Delivery], group: tuple[str, str, str]) -> HttpResponse:
    number = chosen.count()
    if not number:
        messages.info(request, "Nothing of it is left: somebody was faster.")
        return redirect("needs")
    kind, noun, cause = group
    context: dict[str, Any] = {
        "title": "Set aside",
        "what": of_records(number, noun),
        "number": number,
        "sentence": sentence_of(kind, noun, cause),
        "kind": kind,
        "noun": noun,
        "cause": cause,
        "ids": request.POST.getlist("ids")[:MOST_TICKS],
        "asked": "reason" in request.POST,
    }
    return render(request, "needs/why.html", context, status=422 if context["asked"] else 200)


@require_POST
def needs_back(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    if asides.bring_back(acting(request), delivery):
        messages.info(request, f"{delivery.short_id} needs a person again.")
    return redirect("needs_asides")
