"""Testing, replacing, revoking a key, and naming the service key: one's own, or any as an administrator.

Imports accounts, delivery's key changes and what webhooks make of them.
"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.key_test import Verdict
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.console import key_choice
from partnerportal.console.acting import acting
from partnerportal.console.key_pages import key_form_page
from partnerportal.console.key_words import held_as, key_view
from partnerportal.console.people import current
from partnerportal.delivery import key_changes
from partnerportal.kernel.numbers import counted
from partnerportal.webhooks import rotation


@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """A real call with the key."""
    key = _reachable(request, pk)
    found = keys.test(key, acting(request))
    say = {Verdict.WORKING: messages.success, Verdict.NO_ANSWER: messages.warning}.get(
        found.verdict, messages.error
    )
    say(request, f"Key {key.fingerprint}: {found.sentence}")
    return redirect(_home(key, request))


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """The new one is tested, the old one revoked, and what waited on the old goes out on the new."""
    old = _reachable(request, pk, replaceable=True)
    form, problem = key_choice.form_of(request, old.scheme), None
    if request.method == "POST":
        try:
            new = key_choice.key_of(request, form, old.owner)
            if new is not None:
                return _replaced(request, old, new)
        except keys.NotSaved as error:
            problem = error
    more = {"old": key_view(old), "waiting": key_changes.waiting_on(old), "signs": rotation.signed_by(old)}
    more["also"] = _also(request, old)
    return key_form_page(request, form, problem, "Replace API key", _home(old, request), **more)


def _replaced(request: HttpRequest, old: ApiKey, new: ApiKey) -> HttpResponse:
    """Raises NotSaved, and then nothing is changed."""
    context = acting(request)
    if "untested" not in request.POST:
        keys.accept(new, context)
    moved = rotation.replace(old, new, context)
    messages.success(request, f"Key {new.fingerprint} replaces {old.fingerprint}.{_went(moved, new)}")
    return redirect(_home(old, request))


@never_cache
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET says what will happen, the POST does it."""
    key = _reachable(request, pk)
    if request.method == "POST":
        moved = rotation.revoke(key, acting(request), move=moves(request))
        messages.success(request, f"Key {key.fingerprint} is revoked here.{_went(moved, service_key())}")
        return redirect(_home(key, request))
    other = service_key()
    context = {
        "title": f"Revoke key {key.fingerprint}",
        "key": key_view(key),
        "waiting": key_changes.waiting_on(key),
        "signs": rotation.signed_by(key),
        "service": key_view(other) if other and other.pk != key.pk else None,
        "also": _also(request, key),
        "still_signs": any(one.is_service for one in keys.same_as(key)),
        "then": _home(key, request),
    }
    return render(request, "keys/revoke.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def name_service(request: HttpRequest, pk: int) -> HttpResponse:
    """Administrators only (access table): the default for everyone without a key, and for the schedule."""
    key = get_object_or_404(ApiKey, pk=pk, revoked_at=None)
    before = service_key()
    if request.method == "POST":
        moved = rotation.name_service(key, acting(request), move=moves(request))
        messages.success(request, f"Key {key.fingerprint} is the service key.{_went(moved, key)}")
        return redirect("keys")
    having = ApiKey.objects.filter(revoked_at=None, owner__isnull=False).values("owner")
    context = {
        "title": "Name the service key",
        "key": key_view(key),
        "before": key_view(before) if before else None,
        "left": key_changes.left_behind(),
        "signs": rotation.signed_by(before) if before else [],
        "without": Staff.objects.filter(is_active=True).exclude(pk__in=having).count(),
    }
    return render(request, "keys/name.html", context)


def _reachable(request: HttpRequest, pk: int, *, replaceable: bool = False) -> ApiKey:
    """One's own key; for who names service keys also the others, to replace only where it is nobody's own."""
    staff = current(request)
    which = Q(owner=staff)
    if staff.has_perm("accounts.name_service_key"):
        which = which | (Q(owner=None) if replaceable else Q())
        which = which if replaceable else Q()
    return get_object_or_404(ApiKey.objects.filter(which, revoked_at=None).select_related("owner"), pk=pk)


def _also(request: HttpRequest, key: ApiKey) -> str:
    """As what else this very key is held here, "" where it is held once."""
    return held_as(keys.same_as(key), current(request))


def _home(key: ApiKey, request: HttpRequest) -> str:
    return "account" if key.owner_id == current(request).pk else "keys"


def _went(moved: int, key: ApiKey | None) -> str:
    return (
        f" {counted(moved, 'delivery', 'deliveries')} that waited go out on {key.fingerprint}."
        if moved and key
        else ""
    )


def moves(request: HttpRequest) -> bool:
    """Whether the person let what waits go out on another key; the form says so before."""
    return request.POST.get("move") != "wait"
