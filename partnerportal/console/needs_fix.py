"""Fixing many at once: just the refused fields of a group's records, saved with versions, sent again at once.

Imports needs_grid, saving and delivery's plans.
"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from partnerportal.console import keyset, needs_grid, plan_words, said
from partnerportal.console.acting import acting
from partnerportal.console.needs_groups import sentence_of
from partnerportal.console.needs_pages import asked
from partnerportal.delivery import needs
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.delivery.plans import confirm_plan, make_plan, of_records
from partnerportal.delivery.services import NoKey
from partnerportal.kernel.ids import short_id
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import NOUNS

MOST = 100  # rows of one grid


def fix_page(request: HttpRequest) -> HttpResponse:
    """GET shows the grid; POST saves what was changed, sends what can be, and shows again what can't."""
    data = request.POST if request.method == "POST" else request.GET
    kind, noun, cause = asked(data)
    if noun not in NOUNS:
        raise Http404  # money is mended on its own page: one row rarely says what the others are
    chosen = _of_batch(needs.of(request.user, kind, noun, cause), data.get("batch", ""))
    page = keyset.slice_of(chosen, request.GET, size=MOST, ascending=True)
    rows = needs_grid.rows_of(_posted(request, chosen) or page.rows, noun, request)
    if request.method == "POST":
        fixed = needs_grid.save(rows, acting(request))
        answer = _answer(request, noun, fixed, len(rows))
        rows = [row for row in rows if row.troubled]
        if not rows:
            return answer
    context = {
        "title": "Fix",
        "heading": sentence_of(kind, noun, cause),
        "what": of_records(chosen.count(), noun),
        "said": said.of([row.delivery for row in rows], request.user),
        "columns": needs_grid.columns(rows),
        "rows": rows,
        "page": page,
        "hidden": {"kind": kind, "noun": noun, "cause": cause, "batch": data.get("batch", "")},
    }
    return render(request, "needs/fix.html", context, status=422 if request.method == "POST" else 200)


def _of_batch(chosen: QuerySet[Delivery], batch: str) -> QuerySet[Delivery]:
    known = batch.isascii() and batch.isdigit() and len(batch) < 19
    return chosen.filter(batch_id=int(batch)) if known else chosen


def _posted(request: HttpRequest, chosen: QuerySet[Delivery]) -> list[Delivery]:
    """The deliveries whose rows came back. Says so where somebody was faster with some."""
    texts = request.POST.getlist("row")[:MOST]
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
    found = list(chosen.filter(record_id__in=ids))
    if len(found) < len(ids):
        gone = counted(len(ids) - len(found), "row")
        messages.warning(request, f"{gone} left this list meanwhile: what was typed there is not saved.")
    return found


def _answer(request: HttpRequest, noun: str, fixed: list[int], shown: int) -> HttpResponse:
    """Where to go from here, and what to say of it. In production a large push is confirmed on its plan."""
    if not fixed:
        messages.info(request, "Nothing was changed here, so nothing is sent.")
        return redirect("needs")
    rows = NOUNS[noun].objects.visible_to(request.user).filter(pk__in=fixed)
    plan = make_plan(request.user, noun, rows)  # type: ignore[arg-type]
    what = of_records(len(fixed), noun)
    Plan.objects.filter(pk=plan.pk).update(title=f"Send {what} again", origin_url=reverse("needs"))
    if plan_words.asks_for_the_number(plan) or not _sendable(plan):
        messages.success(request, f"{what} saved.")
        return redirect("plan", plan.pk)
    try:
        job = confirm_plan(plan, acting(request, cause=f"plan:{short_id('plan', plan.pk)}"))
    except NoKey:
        messages.error(request, f"{what} saved. There is no API key to send with: connect one first.")
        return redirect("needs")
    left = shown - len(fixed)
    rest = f" {of_records(left, noun)} of the list wait{'s' if left == 1 else ''} still." if left else ""
    messages.success(request, f"{what} saved, and on the way again.{rest}")
    return redirect("batch", job.pk)


def _sendable(plan: Plan) -> bool:
    return bool(plan.counts.get("create") or plan.counts.get("update"))
