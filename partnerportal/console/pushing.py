"""Push buttons: one record, the selected, all that match. Each makes a plan and leads to its page.

Imports the listings, records and delivery's plans. POST only; nothing is sent here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from partnerportal.console.record_lists import LISTINGS
from partnerportal.console.shortcuts import address
from partnerportal.delivery.models import Plan
from partnerportal.delivery.plans import PLURALS, SINGULARS, make_plan, of_records, sendable
from partnerportal.records.models import RECORDS

MOST_TICKS = 10_000


@require_POST
def push_record(request: HttpRequest) -> HttpResponse:
    noun, pk = _noun(request), _number(request.POST.get("pk", ""))
    seen = RECORDS[noun].objects.visible_to(request.user)
    record = get_object_or_404(seen.light(), pk=pk)
    return _planned(
        request, noun, seen.filter(pk=pk), f"Push {SINGULARS[noun]} {record.short_id}", address(noun, pk)
    )


@require_POST
def push_selected(request: HttpRequest) -> HttpResponse:
    """`scope=all`: whatever the list's `query` matches; else the ticked `ids`."""
    noun = _noun(request)
    if request.POST.get("scope") == "all":
        asked = QueryDict(request.POST.get("query", "")).dict()
        rows = LISTINGS[noun].matching(request.user, asked)
        chosen = RECORDS[noun].objects.visible_to(request.user).filter(pk__in=rows.order_by().values("pk"))
    else:
        ids = [_number(text) for text in request.POST.getlist("ids")]
        if not ids:
            return _nothing_ticked(request, noun)
        if len(ids) > MOST_TICKS:
            return HttpResponseBadRequest("Too many ids in one request.")
        chosen = RECORDS[noun].objects.visible_to(request.user).filter(pk__in=ids)
    return _planned(request, noun, chosen, "", _list_of(request))


def _planned(request: HttpRequest, noun: str, chosen: Any, title: str, back: str) -> HttpResponse:
    plan = make_plan(request.user, noun, chosen, title=title)  # type: ignore[arg-type]
    Plan.objects.filter(pk=plan.pk).update(origin_url=back, title=title or _title(plan))
    return redirect("plan", plan.pk)


def _title(plan: Plan) -> str:
    """How many go out; of a selection of which none does, how many it holds."""
    return f"Push {of_records(sendable(plan) or sum(plan.counts.values()), plan.noun)}"


def _nothing_ticked(request: HttpRequest, noun: str) -> HttpResponse:
    messages.warning(request, f"Nothing is ticked. Tick {PLURALS[noun]} first, or push all that match.")
    return redirect(_list_of(request))


def _list_of(request: HttpRequest) -> str:
    """The list it came from, without its query: a search may hold a name."""
    return f"/records/{_noun(request)}/"


def _noun(request: HttpRequest) -> str:
    noun = request.POST.get("noun", "")
    if noun not in RECORDS:
        raise Http404
    return noun


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)
