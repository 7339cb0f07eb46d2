"""Account Settings: who am I, does my key work, what is next; sessions and preferences. Imports accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from partnerportal.accounts import keys, sessions, stamp
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.key_test import host
from partnerportal.accounts.models import Staff
from partnerportal.accounts.staff import roles_of
from partnerportal.console import adopt, event_needs
from partnerportal.console.acting import acting
from partnerportal.console.key_words import key_view
from partnerportal.console.onboarding import onboarding
from partnerportal.console.people import current
from partnerportal.console.time_zones import CHOICES
from partnerportal.kernel.environment import environment_name, sandbox_page
from partnerportal.kernel.numbers import counted


class Preferences(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Staff
        fields = ("time_zone",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = f"The portal's ({settings.TIME_ZONE})"
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone", required=False, choices=[("", default), *CHOICES]
        )


@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The page that signing in leads to."""
    staff = current(request)
    own, service = keys.own_key(staff), service_key()
    context = {
        "title": "Account Settings",
        "onboarding": onboarding(staff),
        "roles": roles_of(staff),
        "scope": _scope(staff),
        "host": host(),
        "sandbox_page": sandbox_page(),
        "stamp": stamp.stamped(),
        "own": key_view(own) if own else None,
        "service": key_view(service) if service else None,
        "is_sandbox": environment_name() == "sandbox",
        "sessions": _sessions(request, staff),
        "preferences": Preferences(instance=staff),
        "suspects": list(event_needs.suspects(staff)),
        "only_there": adopt.offered(staff),
    }
    return render(request, "account/account.html", context)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    form = Preferences(request.POST, instance=current(request))
    if form.is_valid():
        form.save()
        messages.success(request, "Preferences saved.")
    return redirect("account")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one of one's own other browsers out."""
    if not sessions.end_one(current(request), pk, acting(request)):
        raise Http404
    messages.success(request, "That browser is signed out.")
    return redirect("account")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_all(current(request), acting(request), but=request.session.session_key)
    messages.success(request, f"{counted(ended, 'other browser')} signed out.")
    return redirect("account")


def _sessions(request: HttpRequest, staff: Staff) -> list[dict[str, Any]]:
    return [
        {
            "pk": found.pk,
            "here": found.session_key == request.session.session_key,
            "browser": browser(found.user_agent),
            "address": found.ip,
            "seen": found.last_seen_at,
        }
        for found in sessions.sessions_of(staff)
    ]


def browser(agent: str) -> str:
    """ "Chrome on Windows": enough to know one's own browsers by."""
    programs = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
        ("Mac OS", "macOS"), ("Linux", "Linux"),
    )  # fmt: skip
    program = next((name for sign, name in programs if sign in agent), "A browser")
    system = next((f" on {name}" for sign, name in systems if sign in agent), "")
    return program + system


def _scope(staff: Staff) -> str:
    if staff.all_enterprises:
        return "All enterprises"
    names = list(staff.scope.order_by("enterprise__name").values_list("enterprise__name", flat=True)[:4])
    more = staff.scope.count() - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "") if names else "No enterprise yet"
