"""Payments received there: by day and enterprise, each handed out once as a file with its total.

Imports sync's posting. The file names people, so it takes the permission that shows them.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console import shown
from partnerportal.console.acting import acting
from partnerportal.console.differences import chosen_enterprise
from partnerportal.console.record_lists import ENTERPRISE
from partnerportal.console.record_pages import in_sight
from partnerportal.kernel.numbers import counted
from partnerportal.records.exports.tables import write_csv
from partnerportal.sync import posting
from partnerportal.sync.models import Posting


def received_page(request: HttpRequest) -> HttpResponse:
    """What came in, newest day first; what is still to be posted; the files so far."""
    chosen = chosen_enterprise(request.user, request.GET.get("enterprise", ""))
    days = posting.days(request.user, chosen.pk)
    left = sum(day.left for day in days)
    context = {
        "title": "Payments received there",
        "days": days,
        "left": left,
        "left_total": sum(day.left_total for day in days),
        "enterprise": chosen.row,
        "enterprise_error": chosen.error,
        "enterprises": ENTERPRISE.choices(request.user),
        "postings": _postings(request.user, chosen.pk)[:20],
        "may_hand_out": request.user.has_perm(shown.REVEAL),
    }
    return render(request, "sync/received.html", context)


def _postings(user: Any, enterprise: int | None) -> Any:
    rows = Posting.objects.select_related("enterprise").order_by("-pk")
    if not user.all_enterprises:
        rows = rows.filter(enterprise_id__in=user.scope.values("enterprise_id"))
    return rows if enterprise is None else rows.filter(enterprise=enterprise)


@require_POST
def received_hand_out(request: HttpRequest) -> HttpResponse:
    """One file of what was not handed out yet: of one day, or of all."""
    if not request.user.has_perm(shown.REVEAL):
        raise PermissionDenied("hand out payments")
    named, said = request.POST.get("enterprise", ""), request.POST.get("day", "")
    if not (named.isascii() and named.isdigit()):
        raise Http404
    made = posting.hand_out(acting(request), in_sight(request, "enterprise", int(named)), _day(said))
    if made is None:
        messages.warning(request, "Nothing is left to hand out: somebody did it just now.")
        return redirect("payments_received")
    messages.success(request, f"{counted(made.number, 'payment')} handed out. Download the file.")
    return redirect("posting", made.pk)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Http404 from None


def posting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What one file holds, and its download."""
    made = _own(request, pk)
    rows = made.payments.select_related("payment__patient").order_by("day", "pk")
    context = {
        "title": f"Posting {made.pk}",
        "posting": made,
        "rows": rows[:500],
        "may_download": request.user.has_perm(shown.REVEAL),
    }
    return render(request, "sync/posting.html", context)


@require_POST
@never_cache
def posting_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, named without a person; each download is an entry."""
    made = _own(request, pk)
    if not request.user.has_perm(shown.REVEAL):
        raise PermissionDenied("download a posting")
    out = io.BytesIO()
    write_csv(out, posting.HEADINGS, posting.table(made))
    about = acting(request, enterprise=made.enterprise_id)
    entries.write("posting_downloaded", about, {"posting": made.pk, "number": made.number})
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="posting-{made.pk}.csv"'
    return answer


def _own(request: HttpRequest, pk: int) -> Posting:
    found: Posting = get_object_or_404(_postings(request.user, None), pk=pk)
    return found
