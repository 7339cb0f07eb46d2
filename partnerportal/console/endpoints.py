"""Endpoints: the list, and registering one. Who may: the access table. Imports webhooks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey
from partnerportal.console.acting import acting
from partnerportal.console.endpoint_forms import EventTypesForm
from partnerportal.console.event_words import endpoint_sentence, endpoint_word
from partnerportal.records.models import Endpoint
from partnerportal.webhooks import endpoints, rotation

REGISTER = ("Register an endpoint", "Register the endpoint")
NO_KEY = "There is no service key, and endpoints are registered on it. Name one under Keys."


@require_GET
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """A partner has one or two: no paging. What was unregistered comes last."""
    rows = Endpoint.objects.visible_to(request.user).order_by("removed", "pk")
    rows = rows.annotate(last_event=Max("events__received_at"))
    context = {"title": "Endpoints", "rows": [row_of(row) for row in rows]}
    return render(request, "webhooks/endpoints.html", context)


def row_of(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint as list and page show it."""
    key: ApiKey | None = rotation.signing_key(endpoint)
    return {
        "endpoint": endpoint,
        "word": endpoint_word(endpoint),
        "sentence": endpoint_sentence(endpoint),
        "key": key,
    }


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Choose events; the URL is made here."""
    if "all" in request.POST:
        return form_page(request, EventTypesForm.with_all(request.POST), *REGISTER)
    form = EventTypesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = endpoints.register(acting(request), form.types())
        except endpoints.NoKey:
            messages.error(request, NO_KEY)
        else:
            messages.success(request, "On its way to Inbox Health.")
            return redirect("endpoint", endpoint.pk)
    return form_page(request, form, *REGISTER)


def form_page(request: HttpRequest, form: EventTypesForm, title: str, act: str, **more: Any) -> HttpResponse:
    """The page with the events to choose."""
    context = {"title": title, "form": form, "act": act, "service": service_key(), **more}
    return render(request, "webhooks/endpoint_form.html", context, status=422 if form.errors else 200)
