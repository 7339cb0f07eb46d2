"""One event: what it changed, says (masked) and led to; Replay. Imports webhooks and the audit."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from partnerportal.audit import masking
from partnerportal.console import catalogue_links, shown
from partnerportal.console.acting import acting
from partnerportal.console.events import row_of
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import RECORDS
from partnerportal.webhooks import services
from partnerportal.webhooks.models import Event

LED_TO = 20


@require_GET
def event_page(request: HttpRequest, pk: int) -> HttpResponse:
    event = find(request, pk)
    reveal = request.user.has_perm(shown.REVEAL)
    context = {
        "title": f"Event {event.short_id}",
        **row_of(event),
        "changes": _changes(event, reveal),
        "body": _body(event, reveal=reveal),
        "reveal": reveal,
        "deliveries": Delivery.objects.visible_to(request.user)
        .filter(cause=event.cause)
        .order_by("pk")[:LED_TO],
        "help": catalogue_links.of_event(event),
        "may_replay": request.user.has_perm("webhooks.replay_event") and event.state != "waiting",
    }
    return render(request, "webhooks/event.html", context)


def find(request: HttpRequest, pk: int) -> Event:
    return get_object_or_404(Event.objects.visible_to(request.user).select_related("endpoint"), pk=pk)


def _changes(event: Event, reveal: bool) -> list[tuple[str, str, str, str]]:
    """(label, vendor's name, was, now); secret ones only say that they changed."""
    wire = RECORDS[event.noun].wire if event.noun in RECORDS else None
    found = []
    for name, values in (event.changes or {}).items():
        label = wire.label(name) if wire else name
        was, now = (_text(name, values.get(side), reveal) for side in ("was", "now"))
        found.append((label, name, was if values else "•••", now if values else "•••"))
    return found


def _text(name: str, value: Any, reveal: bool) -> str:
    if value in (None, ""):
        return "empty"
    return str(masking.page_data({name: value}, reveal=reveal)[name])


def _body(event: Event, *, reveal: bool) -> str:
    """Indented and masked."""
    masked = masking.page_body(event.body, reveal=reveal)
    try:
        return json.dumps(json.loads(masked), indent=2, ensure_ascii=False)
    except ValueError:
        return masked


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    event = find(request, pk)
    services.replay(acting(request), Event.objects.filter(pk=event.pk))
    messages.info(request, "Replayed: it is worked off again.")
    return redirect("event", pk)
