"""One endpoint: what it is told, what signs, what is registered there; change, pause, compare, unregister.

Each act is a POST and an administrator's (access table). Imports webhooks and delivery's models.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.accounts.models import ApiKey
from partnerportal.console import event_words
from partnerportal.console.acting import acting
from partnerportal.console.endpoint_forms import EventTypesForm
from partnerportal.console.endpoints import NO_KEY, form_page, row_of
from partnerportal.console.words import Word
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.dispatch import ring
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import Endpoint
from partnerportal.webhooks import endpoints, lateness
from partnerportal.webhooks.event_types import by_noun
from partnerportal.webhooks.models import Event, LateEvent, Refusal, RetiredKey

PATIENCE = timedelta(minutes=5)  # so long a page waits for a comparison; the schedule makes one anyway
LATE_SHOWN = 10
CHECK = "partnerportal.webhooks.tasks.check"


def find(request: HttpRequest, pk: int) -> Endpoint:
    found: Endpoint = get_object_or_404(Endpoint.objects.visible_to(request.user), pk=pk)
    return found


@require_GET
def endpoint_page(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = find(request, pk)
    events = Event.objects.filter(endpoint=endpoint)
    day = timezone.now() - timedelta(hours=24)
    delivery = Delivery.objects.filter(noun="endpoint", record_id=pk).order_by("-pk").first()
    context = {
        "title": f"Endpoint {endpoint.short_id}",
        **_under_way(request, endpoint, delivery),
        **row_of(endpoint),
        "types": [
            (noun.replace("_", " ").capitalize(), names)
            for noun, names in by_noun(tuple(endpoint.registered_webhooks)).items()
        ],
        "rotates": _may_replace(request, row_of(endpoint)["key"]),
        "there": sorted((endpoint.remote or {}).get("registered_webhooks") or []),
        "check": event_words.CHECKS.get(endpoint.check_result, endpoint.check_result),
        "retired": RetiredKey.objects.filter(endpoint=endpoint, ended_at=None).select_related("key"),
        "last_event": events.order_by("-received_at").only("received_at").first(),
        "of_today": _counts(events.filter(received_at__gte=day)),
        "refused": Refusal.objects.filter(endpoint=endpoint, hour__gte=day).aggregate(n=Sum("number"))["n"]
        or 0,
        **_late(endpoint),
        "waiting": events.filter(state="waiting").count(),
        "delivery": delivery,
        "changes": request.user.has_perm("records.change_endpoint") and not endpoint.removed,
    }
    polled = POLL_HEADER in request.headers
    return render(request, "webhooks/endpoint_live.html" if polled else "webhooks/endpoint.html", context)


def _late(endpoint: Endpoint) -> dict[str, Any]:
    """Events of our own pushes of the last day that came late, or have not come."""
    since = timezone.now() - lateness.REMEMBERED
    late = LateEvent.objects.filter(endpoint=endpoint, pushed_at__gt=since)
    return {
        "late": [(event_words.late_sentence(one), one) for one in late[:LATE_SHOWN]],
        "came_late": late.exclude(came_at=None).count(),
        "not_come": lateness.missing(endpoint).count(),
    }


def _under_way(request: HttpRequest, endpoint: Endpoint, delivery: Delivery | None) -> dict[str, Any]:
    """Whether the page looks again by itself, and what it waits for."""
    if delivery is not None and delivery.state in Delivery.OPEN:
        what = "What changed of it" if endpoint.remote_id else "Its registration"
        return {"open": True, "waits_for": f"{what} is on its way to Inbox Health."}
    asked = _asked_at(request.GET.get("compare", ""))
    if asked is None and endpoint.remote_id and endpoint.checked_at is None and not endpoint.removed:
        asked = endpoint.accepted_at  # it is compared as soon as it is registered
    waits = asked is not None and (endpoint.checked_at is None or endpoint.checked_at < asked)
    lately = asked is not None and timezone.now() - asked < PATIENCE
    return {"open": waits and lately, "waits_for": "It is being compared with what is registered there."}


def _asked_at(text: str) -> datetime | None:
    """The second in which [Compare now] was pressed, from the address."""
    if not (text.isascii() and text.isdigit() and len(text) < 11):
        return None
    return datetime.fromtimestamp(int(text), tz=UTC)


def _may_replace(request: HttpRequest, key: ApiKey | None) -> bool:
    """The service key that is nobody's own, by who names service keys; else one's own."""
    if key is None or key.revoked_at is not None:
        return False
    if key.owner_id is None:
        return bool(request.user.has_perm("accounts.name_service_key"))
    return key.owner_id == request.user.pk


def _counts(events: QuerySet[Event]) -> list[tuple[Word, int]]:
    rows = events.order_by().values("state").annotate(n=Count("pk")).order_by("-n")
    return [(event_words.EVENTS[row["state"]], row["n"]) for row in rows]


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = find(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = EventTypesForm(sent, endpoint.registered_webhooks)
    if "all" in request.POST:
        form = EventTypesForm.with_all(request.POST)
    elif request.method == "POST" and form.is_valid():
        try:
            endpoints.change(acting(request), endpoint, form.types())
        except endpoints.NoKey:
            messages.error(request, NO_KEY)
        else:
            messages.success(request, "Saved. What differs is on its way to Inbox Health.")
            return redirect("endpoint", pk)
    return form_page(request, form, f"Change {endpoint.short_id}", "Save and send", endpoint=endpoint)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    endpoints.pause(acting(request), find(request, pk))
    messages.info(request, "Paused. Events are still taken and kept; nothing is applied until it goes on.")
    return redirect("endpoint", pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    endpoints.resume(acting(request), find(request, pk))
    messages.success(request, "It goes on. What was kept meanwhile is applied now.")
    return redirect("endpoint", pk)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked for here, done by the worker: no page waits for Inbox Health."""
    find(request, pk)
    ring(CHECK, queue="background")
    messages.info(request, "It is being compared with what is registered at Inbox Health.")
    return redirect(f"{reverse('endpoint', args=[pk])}?compare={int(time.time())}")


@require_http_methods(["GET", "POST"])
def unregister(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what will happen; POST does it."""
    endpoint = find(request, pk)
    if request.method == "POST":
        try:
            endpoints.unregister(acting(request), endpoint)
            messages.success(request, "Nothing is taken at its URL any more; it is being deleted there.")
        except endpoints.NoKey:
            messages.error(request, NO_KEY)
        except endpoints.NotPossible as error:
            messages.error(request, str(error))
        return redirect("endpoint", pk)
    others = Endpoint.objects.filter(removed=False).exclude(pk=pk).count()
    context = {
        "title": f"Unregister {endpoint.short_id}",
        "sentence": "Inbox Health stops telling this portal of changes at this URL, and what it sends there "
        "until then is refused. The events that came stay. "
        + (f"{counted(others, 'other endpoint')} stay." if others else "No other endpoint is left: "
           "the portal learns of changes by pull only."),
        "back": f"/{endpoint.short_id}",
        "back_text": "Keep it",
        "act_text": f"Unregister {endpoint.short_id}",
    }  # fmt: skip
    return render(request, "sending/confirm.html", context)
