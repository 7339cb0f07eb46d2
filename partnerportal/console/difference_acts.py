"""What is done from the page Differences: push or take many, bring one in or tie it.

Each a POST with permission and entry; the bulk ones show first what would happen. Imports sync and delivery.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnerportal.console import conflict, difference_rows
from partnerportal.console.acting import acting
from partnerportal.console.people import current
from partnerportal.console.permitted import permitted
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery import plans, services
from partnerportal.records.account import NotAllowed
from partnerportal.records.models import RECORDS, Enterprise, Sighting
from partnerportal.sync import adopting, conflicts, differences, lists, mending

MOST = 1000


def _noun(request: HttpRequest, verb: str = "change", nouns: tuple[str, ...] = lists.NOUNS) -> str:
    noun = request.POST.get("noun", "")
    if noun not in nouns or not permitted(request.user, verb, noun):
        raise Http404
    return noun


def _ticked(request: HttpRequest, noun: str) -> Any:
    ids = [int(text) for text in request.POST.getlist("ids") if text.isascii() and text.isdigit()]
    found = differences.rows(request.user, differences.FIELDS, noun)
    return found.filter(pk__in=ids[:MOST])


def _back(tab: str, noun: str) -> HttpResponse:
    return redirect(f"{reverse('differences')}?tab={tab}&noun={noun}")


@require_POST
def push_ours(request: HttpRequest) -> HttpResponse:
    """A plan of the ticked records, which its own page shows before anything is sent."""
    noun = _noun(request)
    chosen = _ticked(request, noun)
    if not chosen.exists():
        messages.warning(request, "Tick rows first.")
        return _back(differences.FIELDS, noun)
    plan = plans.make_plan(current(request), noun, chosen, title="Push ours")
    return redirect("plan", plan.pk)


@require_POST
def take_theirs(request: HttpRequest) -> HttpResponse:
    """First what would be taken, then, confirmed and with a reason, the taking."""
    noun = _noun(request)
    rows = list(_ticked(request, noun).order_by("pk")[:200])
    if not rows:
        messages.warning(request, "Tick rows first.")
        return _back(differences.FIELDS, noun)
    reason = " ".join(request.POST.get("reason", "").split())[: conflict.MOST_REASON]
    if not (request.POST.get("sure") and reason):
        return _confirm(request, noun, rows, asked=bool(request.POST.get("sure")))
    taken = sum(_take(request, row, reason) for row in rows)
    left = len(rows) - taken
    messages.success(request, f"{plans.of_records(taken, noun)}: theirs taken.")
    if left:
        messages.warning(
            request,
            f"{plans.of_records(left, noun)} left as they are: changed meanwhile, or can't be held here.",
        )
    return _back(differences.FIELDS, noun)


def _confirm(request: HttpRequest, noun: str, rows: list[Any], *, asked: bool) -> HttpResponse:
    shown_rows = [(row, conflict.lines(row, request.user, {}, {})) for row in rows]
    context = {
        "title": "Take theirs",
        "noun": noun,
        "rows": shown_rows,
        "stamps": [(row.pk, conflicts.stamp(row)) for row in rows],
        "number": len(rows),
        "what": plans.of_records(len(rows), noun),
        "reason_missing": asked,
    }
    return render(request, "sync/take.html", context, status=422 if asked else 200)


def _take(request: HttpRequest, row: Any, reason: str) -> bool:
    seen = request.POST.get(f"stamp-{row.pk}", "")
    choices = dict.fromkeys(conflicts.open_fields(row), conflicts.THEIRS)
    try:
        conflicts.decide(acting(request, row), row.noun, row.pk, choices, reason, seen)
    except (conflicts.ChangedMeanwhile, conflicts.CantHold, NotAllowed):
        return False
    return True


def only_there_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One record that is only there, beside those here that it may be."""
    seen = Sighting.objects.filter(pk=pk).first()
    if seen is None or seen.noun not in lists.BROUGHT_IN or not permitted(request.user, "view", seen.noun):
        raise Http404
    visible = differences.rows(request.user, differences.ONLY_THERE, seen.noun).filter(pk=pk).exists()
    enterprise = Enterprise.objects.filter(pk=seen.enterprise_id or 0).first()
    if not visible or enterprise is None:
        raise Http404
    ours = adopting.alike(seen.noun, seen.record or {}, enterprise)
    context = {
        "title": f"IH {seen.remote_id}",
        "seen": seen,
        "noun": seen.noun,
        "enterprise": enterprise,
        "ours": ours,
        "lines": difference_rows.beside(seen, ours, request.user),
        "word": "person" if seen.noun in ("patient", "doctor") else seen.noun,
        "other": "Someone else: bring in" if seen.noun in ("patient", "doctor") else "Another one: bring in",
    }
    return render(request, "sync/only_there.html", context)


@require_POST
def bring_in(request: HttpRequest) -> HttpResponse:
    """One that is only there: made ours, or tied to the one that a person says it is."""
    noun = _noun(request, "add", lists.BROUGHT_IN)
    seen = _seen(request, noun)
    same = request.POST.get("same", "")
    context = acting(request)
    try:
        if same.isascii() and same.isdigit():
            row = mending.link_one(context, noun, seen.remote_id, in_sight(request, noun, int(same)).pk)
            messages.success(request, f"{row.short_id} is IH {seen.remote_id} now.")
        else:
            word = mending.bring_one_in(context, noun, seen.remote_id, as_new=same == "new")
            _tell(request, noun, seen, word)
    except services.NotPossible as error:
        messages.warning(request, str(error))
    return _back(differences.ONLY_THERE, noun)


def _seen(request: HttpRequest, noun: str) -> Sighting:
    pk = request.POST.get("seen", "")
    rows = differences.rows(request.user, differences.ONLY_THERE, noun)
    found: Sighting | None = rows.filter(pk=pk).first() if pk.isascii() and pk.isdigit() else None
    if found is None or noun == "enterprise":
        raise Http404
    return found


def _tell(request: HttpRequest, noun: str, seen: Sighting, word: str) -> None:
    if word == "doubtful":
        messages.warning(request, f"IH {seen.remote_id} may be one that is here. Say whether it is.")
        return
    row = RECORDS[noun].objects.filter(remote_id=seen.remote_id).first()
    if row is not None:
        messages.success(request, f"IH {seen.remote_id} is {row.short_id} now.")
