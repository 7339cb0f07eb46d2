"""Stopping and resuming: everything, one key, one enterprise; and what waits on a key that was revoked.

POST does it, with an entry. Imports delivery's brakes and key changes.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey
from partnerportal.console.acting import acting
from partnerportal.console.brakes import held_by, in_sight
from partnerportal.console.people import current
from partnerportal.delivery import brakes, key_changes
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import Enterprise

SHOWN = 20


class StopForm(forms.Form):
    """What is stopped, and why; a target only for one key or one enterprise."""

    scope = forms.ChoiceField(choices=Brake.Scope.choices)
    key = forms.ModelChoiceField(ApiKey.objects.none(), required=False, empty_label="Choose…")
    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), required=False, empty_label="Choose…")
    reason = forms.CharField(
        max_length=200, error_messages={"required": "Say why: everyone who sends will read it."}
    )

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data, initial={"scope": "all" if user.all_enterprises else "enterprise"})
        keys: Any = self.fields["key"]
        keys.queryset = stoppable_keys(user)
        keys.label_from_instance = lambda key: f"{key.fingerprint}, {key.owner or 'service key'}"
        places: Any = self.fields["enterprise"]
        places.queryset = Enterprise.objects.visible_to(user).light().order_by("name", "pk")
        places.label_from_instance = lambda row: row.name or row.short_id
        if not user.all_enterprises:
            scopes: Any = self.fields["scope"]
            scopes.choices = [choice for choice in scopes.choices if choice[0] != Brake.Scope.ALL]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        scope = data.get("scope")
        if scope in ("key", "enterprise") and not data.get(scope) and scope not in self.errors:
            self.add_error(scope, f"Choose the {scope}.")
        return data

    @property
    def target(self) -> int | None:
        chosen = self.cleaned_data.get(self.cleaned_data["scope"])
        return chosen.pk if chosen else None


def stoppable_keys(user: Any) -> Any:
    """All live keys for who sees everything, else one's own."""
    keys = ApiKey.objects.filter(revoked_at=None).select_related("owner").order_by("-is_service", "pk")
    return keys if user.all_enterprises else keys.filter(owner=user)


def brakes_page(request: HttpRequest) -> HttpResponse:
    """What is stopped, what was, and the form that stops."""
    form = StopForm(request.POST or None, request.user)
    if request.method == "POST" and form.is_valid():
        about = acting(
            request, enterprise=form.target if form.cleaned_data["scope"] == "enterprise" else None
        )
        brakes.stop(about, form.cleaned_data["reason"], form.cleaned_data["scope"], form.target)
        messages.warning(request, "Sending is stopped. What is in flight will finish; nothing is lost.")
        return redirect("brakes")
    waiting = Delivery.objects.visible_to(request.user).filter(state__in=Delivery.UNSENT)
    seen = [b for b in Brake.objects.order_by("-pk")[: SHOWN * 5] if in_sight(b, request.user)]
    context = {
        "title": "Stop sending",
        "form": form,
        "open": [_line(b, waiting, request.user) for b in seen if b.released_at is None],
        "past": [_line(b, None, request.user) for b in seen if b.released_at is not None][:SHOWN],
    }
    return render(request, "sending/brakes.html", context, status=422 if form.errors else 200)


def _line(brake: Brake, waiting: Any, user: Any) -> dict[str, Any]:
    return {
        "brake": brake,
        "what": _what(brake),
        "waiting": held_by(brake, waiting) if waiting is not None else 0,
        "may": may_release(brake, user),
    }


def _what(brake: Brake) -> str:
    if brake.scope == Brake.Scope.KEY:
        key = ApiKey.objects.filter(pk=brake.target_id or 0).first()
        return f"Key {key.fingerprint}" if key else "A key"
    if brake.scope == Brake.Scope.ENTERPRISE:
        row = Enterprise.objects.light().filter(pk=brake.target_id or 0).first()
        return (row.name or row.short_id) if row else "An enterprise"
    return "Everything"


def may_release(brake: Brake, user: Any) -> bool:
    """Who sees everything may resume anything; the others their enterprises and their own key."""
    if user.all_enterprises:
        return True
    if brake.scope == Brake.Scope.KEY:
        return bool(stoppable_keys(user).filter(pk=brake.target_id).exists())
    return brake.scope == Brake.Scope.ENTERPRISE and in_sight(brake, user)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    brake = get_object_or_404(Brake, pk=pk)
    if not in_sight(brake, request.user):
        raise Http404
    if not may_release(brake, request.user):
        raise PermissionDenied("resume")
    enterprise = brake.target_id if brake.scope == Brake.Scope.ENTERPRISE else None
    if brakes.release(acting(request, enterprise=enterprise), brake):
        messages.success(request, "Sending goes on where it stood.")
    return redirect("brakes")


def key_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what waits on a revoked key in the person's scope; POST lets it go out on the service key."""
    old = get_object_or_404(ApiKey.objects.select_related("owner"), pk=pk, revoked_at__isnull=False)
    new, waiting = service_key(), key_changes.in_sight(old, current(request))
    if not waiting and not current(request).all_enterprises:
        raise Http404
    if request.method == "POST" and new is not None:
        moved = key_changes.move_in_scope(old, new, acting(request))
        text = f"{counted(moved, 'delivery', 'deliveries')} go out on key {new.fingerprint}."
        messages.success(request, text)
        return redirect("needs")
    what = counted(waiting, "delivery", "deliveries")
    whose = f", {old.owner.username}'s," if old.owner else ""
    context = {
        "title": f"What waits on key {old.fingerprint}",
        "sentence": f"Key {old.fingerprint}{whose} is revoked here. What waits on it: {what}. "
        f"They go out on the service key {new.fingerprint if new else ''}, and the audit says so.",
        "back": "/needs/",
        "back_text": "Let them wait",
        "act_text": f"Send {what} on the service key",
        "act_class": "btn-primary",
    }
    return render(request, "sending/confirm.html", context)
