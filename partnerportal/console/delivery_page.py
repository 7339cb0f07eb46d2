"""The page of one delivery: what asked for it, its attempts, the look-ups; and what a person may do with it.

Imports delivery's deciding; each act is a POST.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnerportal.audit.context import Context
from partnerportal.console import audit_words, delivery_rows, delivery_words, said
from partnerportal.console.acting import acting
from partnerportal.delivery import deciding
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import reason_words, remedy
from partnerportal.delivery.services import NotPossible
from partnerportal.records.models import RECORDS


def delivery_page(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = find(request, pk)
    (row,) = delivery_rows.rows_of([delivery], request.user)
    context = {
        "title": f"Delivery {delivery.short_id}",
        "delivery": delivery,
        "row": row,
        "refused": said.lines(delivery, request.user),
        "unknown": said.of([delivery], request.user).unknown,
        "attempts": _attempts(delivery),
        "lookups": _lookups(delivery, request.user),
        **_acts(delivery, request.user, replaced=row.replaced_by is not None),
    }
    return render(request, "sending/delivery.html", context)


def find(request: HttpRequest, pk: int) -> Delivery:
    return get_object_or_404(Delivery.objects.visible_to(request.user).select_related("key", "batch"), pk=pk)


def _attempts(delivery: Delivery) -> list[dict[str, Any]]:
    return [
        {
            "row": attempt,
            "word": audit_words.OUTCOMES.get(attempt.outcome or "open", audit_words.OUTCOMES["unknown"]),
            "reason": reason_words(attempt.reason) if attempt.reason else "",
        }
        for attempt in delivery.attempt_rows.defer("payload").order_by("number")
    ]


def _lookups(delivery: Delivery, user: Any) -> list[dict[str, Any]]:
    wire = RECORDS[delivery.noun].wire
    return [
        {
            "row": lookup,
            "verdict": delivery_words.verdict(lookup.verdict),
            "reason": reason_words(lookup.reason) if lookup.reason else "",
            "exchanges": [pk for pk in lookup.exchanges if pk],
            "candidates": [
                {
                    "id": found["record"].get("id"),
                    "ours": found.get("ours"),
                    "told": found.get("told"),
                    "differs": [wire.label(name) for name in found.get("differs", [])],
                }
                for found in lookup.candidates or []
            ],
        }
        for lookup in delivery.lookup_rows.order_by("number")
    ]


def _acts(delivery: Delivery, user: Any, *, replaced: bool) -> dict[str, Any]:
    """Which buttons stand on the page: what fits the state, for who may."""
    state, push = delivery.state, user.has_perm("delivery.push")
    undecided = bool(delivery.needs_person_since) and state in ("unknown", "blocked", "delivered")
    decide = undecided and user.has_perm("delivery.decide")
    failed = state == "failed" and not replaced
    fixable = failed and remedy(delivery) == "Fix"
    return {
        "may_decide": decide,
        "fix": _edit_page(delivery) if push and fixable else "",
        "may_send_now": push and state in ("pending", "waiting"),
        "may_send_again": push and failed,
        "may_cancel": push and (failed or state in Delivery.UNSENT) and not undecided,
        "may_look": push and state == "unknown",
    }


def _edit_page(delivery: Delivery) -> str:
    return reverse(f"admin:records_{delivery.noun}_edit", args=[delivery.record_id])


@require_POST
def delivery_again(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, deciding.send_again, "Back in line.")


@require_POST
def delivery_look(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, deciding.look_again, "Looking it up at Inbox Health now.")


def delivery_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what will happen; POST takes it back."""
    delivery = find(request, pk)
    if request.method == "POST":
        return _act(request, pk, deciding.cancel, "Cancelled. The record stays here as it is.")
    context = {
        "title": f"Cancel delivery {delivery.short_id}",
        "sentence": "It is not sent, and the record stays here as it is. It can be pushed again.",
        "back": f"/{delivery.short_id}",
        "back_text": "Keep it",
        "act_text": "Cancel the delivery",
    }
    return render(request, "sending/confirm.html", context)


def _act(request: HttpRequest, pk: int, act: Callable[[Context, Delivery], None], done: str) -> HttpResponse:
    delivery = find(request, pk)
    try:
        act(acting(request), delivery)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.info(request, done)
    return redirect("delivery", pk)
