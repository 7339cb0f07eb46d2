"""One record at Inbox Health that may be a second one of ours: both side by side, and what a person says.

Imports sync's duplicates and delivery. A POST decides, with an entry.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from partnerportal.console import cells, difference_rows, titles
from partnerportal.console.acting import acting
from partnerportal.console.permitted import permitted
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NotPossible
from partnerportal.records.models import RECORDS, Surplus
from partnerportal.sync import duplicates

# What "another record" means for each kind; of the others it is simply brought in.
_APART = {
    "enterprise": "It then stands in Differences, where it can be adopted.",
    "payment_adjustment": "The payment already shows what was refunded.",
}
_COUNTS = "It is brought in, and counts in the patient’s balance."
_IN = "It is brought in as a record of its own."


def duplicate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Both side by side; a POST says what the second one is."""
    surplus = get_object_or_404(Surplus.objects.visible_to(request.user), pk=pk)
    if not permitted(request.user, "view", surplus.noun):
        raise Http404
    row = RECORDS[surplus.noun].objects.filter(pk=surplus.record_id).select_related(
        *titles.related(surplus.noun)
    )[0]  # fmt: skip
    if request.method == "POST":
        return _decided(request, surplus)
    if not duplicates.open_ones(surplus.noun).filter(pk=pk).exists():
        messages.info(request, "There is nothing to decide any more.")
        return redirect(_list(surplus))
    sent = Delivery.objects.filter(noun=row.noun, record_id=row.pk, kind=Delivery.Kind.PUSH)
    context = {
        "title": f"Is Inbox Health ID {surplus.remote_id} a duplicate?",
        "surplus": surplus,
        "row": row,
        "word": difference_rows.noun_word(surplus.noun).lower(),
        "about": titles.title_of(row),
        "page": cells.page_of(row),
        "enterprise": row if row.noun == "enterprise" else row.enterprise,
        "lines": difference_rows.beside(surplus, [row], request.user),
        "deliveries": sent.order_by("pk")[:5],
        "apart": _APART.get(row.noun, _COUNTS if row.account_pk is not None else _IN),
        "back": _list(surplus),
        "may_bring_in": _may_bring_in(request.user, surplus.noun),
    }
    return render(request, "sync/duplicate.html", context)


def _may_bring_in(user: Any, noun: str) -> bool:
    return noun in _APART or permitted(user, "add", noun)


def _list(surplus: Surplus) -> str:
    return f"{reverse('differences')}?tab=duplicates&noun={surplus.noun}"


def _decided(request: HttpRequest, surplus: Surplus) -> HttpResponse:
    choice, context = request.POST.get("choice", ""), acting(request)
    if choice != Surplus.Answer.SAME and not _may_bring_in(request.user, surplus.noun):
        raise PermissionDenied(surplus.noun)
    try:
        messages.success(request, _decide(context, surplus, choice))
    except NotPossible as error:
        messages.warning(request, str(error))
        return redirect("duplicate", surplus.pk)
    return redirect(_list(surplus))


def _decide(context: Any, surplus: Surplus, choice: str) -> str:
    """What was done, in words. Raises NotPossible, Http404."""
    if choice == Surplus.Answer.SAME:
        duplicates.call_duplicate(context, surplus)
        return f"Inbox Health ID {surplus.remote_id} is a duplicate. Remove it at Inbox Health."
    if choice == Surplus.Answer.DIFFERENT:
        made = duplicates.call_different(context, surplus)
        brought_in = f" It is {made.short_id} now." if made else ""
        return f"Inbox Health ID {surplus.remote_id} is another record.{brought_in}"
    if choice == Surplus.Answer.LINKED:
        row = duplicates.link(context, surplus)
        return f"{row.short_id} is linked to Inbox Health ID {surplus.remote_id}."
    raise Http404
