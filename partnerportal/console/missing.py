"""What to do about a record that is not found there, in words, with the acts that its noun has.

Imports sync's mending and delivery's plans. POST changes, with an entry.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from partnerportal.console.acting import acting
from partnerportal.console.people import current
from partnerportal.console.permitted import permitted
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery import plans, services
from partnerportal.records.models import RECORDS, Enterprise
from partnerportal.sync import lists, mending

# What stands for "somebody there did it on purpose", by noun.
ON_PURPOSE = {
    "enterprise": "If Inbox Health closed the account on purpose, leave it as it is: it stays here with all "
    "below it, and nothing is sent by itself.",
    "practice": "If it was deleted there on purpose, delete it from here as well: Inbox Health answers that "
    "it is gone already, and it leaves this list. It stays here with its story.",
    "doctor": "If they were deleted there on purpose, delete them from here as well: Inbox Health answers "
    "that they are gone already, and they leave this list. They stay here with their story.",
    "patient": "Marked removed, it stays here and nothing is sent.",
    "invoice": "Marked removed, it and its lines count for nothing here either, what was applied to it is "
    "the patient’s credit, and nothing is sent. If it was not meant to go, ask Inbox Health to bring it "
    "back; or mark it removed, and enter the visit anew with Assign a balance.",
    "line_item": "Marked removed, it counts for nothing here either, and nothing is sent.",
    "payment": "Inbox Health documents no delete of a payment: ask them first what became of it. Until then "
    "it counts here, and the balances differ. Once it is there again, the next reading finds it.",
    "invoice_payment": "Marked removed, nothing of the payment is applied by it any more, and nothing is "
    "sent.",
    "write_off": "If Inbox Health took it back on purpose: a write-off can’t be taken back here, so the "
    "balances differ by its amount. Bill the amount again as a line of an invoice.",
    "payment_reason": "If it was deleted there on purpose, leave it: nothing is sent by itself.",
    "write_off_code": "If it was deleted there on purpose, leave it: nothing is sent by itself.",
    "account_type": "If it was deleted there on purpose, leave it: nothing is sent by itself.",
}


def missing_page(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """What it means and what can be done; a POST sends it again as new, or marks it removed."""
    if noun not in lists.NOUNS or not permitted(request.user, "view", noun):
        raise Http404
    record = in_sight(request, noun, pk)
    if request.method == "POST":
        return _mend(request, record)
    context = {
        "title": f"{record} is missing there",
        "record": record,
        "enterprise": record if isinstance(record, Enterprise) else record.enterprise,
        "on_purpose": ON_PURPOSE[noun],
        "may_send": _may_send(request.user, noun),
        "may_remove": _may_remove(request.user, noun),
        "delete": _delete_page(request, record),
    }
    return render(request, "sync/missing.html", context)


def _may_send(user: Any, noun: str) -> bool:
    return noun in mending.SENT_AGAIN and permitted(user, "change", noun)


def _may_remove(user: Any, noun: str) -> bool:
    """A patient marked removed is a patient changed; of money it is a delete."""
    verb = "change" if noun == "patient" else "delete"
    return noun in mending.MARKED_REMOVED and permitted(user, verb, noun)


def _delete_page(request: HttpRequest, record: Any) -> str:
    """Where it is deleted from here; "" where that is not the way, or not for this person."""
    noun = record.noun
    if noun in ("practice", "doctor") and permitted(request.user, "change", noun):
        return reverse(f"admin:records_{noun}_remove", args=[record.pk])
    return ""


def _mend(request: HttpRequest, record: Any) -> HttpResponse:
    act = request.POST.get("act")
    allowed = {"remove": _may_remove, "again": _may_send}.get(act or "")
    if allowed is None or not allowed(request.user, record.noun):
        raise Http404
    try:
        if act == "remove":
            mending.mark_removed(acting(request, record), record.noun, record.pk)
            messages.success(request, f"{record.short_id} is marked removed. Nothing was sent.")
        else:
            row = mending.untie_missing(acting(request, record), record.noun, record.pk)
            chosen = RECORDS[row.noun].objects.visible_to(request.user).filter(pk=row.pk)
            return redirect("plan", plans.make_plan(current(request), row.noun, chosen).pk)
    except services.NotPossible as error:
        messages.warning(request, str(error))
    return redirect(f"{reverse('differences')}?tab=missing&noun={record.noun}")
