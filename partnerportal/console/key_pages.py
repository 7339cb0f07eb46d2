"""Connecting, generating, showing one's own API key. Three calls may wait for Inbox Health; two are here.

Each is a POST, checked in the access table. Imports accounts and delivery's key changes.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from partnerportal.accounts import keys, sandbox_key
from partnerportal.accounts.key_test import Verdict, host
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.accounts.passwords import is_password_of
from partnerportal.console import key_choice
from partnerportal.console.acting import acting
from partnerportal.console.key_forms import KeyForm, PasswordForm
from partnerportal.console.key_words import key_view
from partnerportal.console.people import current
from partnerportal.delivery import key_changes
from partnerportal.kernel.environment import environment_name

HIDE_SECONDS = 30


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """One's own key: paste, test and save. `untested` in the POST saves what could not be tested."""
    staff = current(request)
    return _connect(request, staff, "Connect API key", "account")


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def connect_service(request: HttpRequest) -> HttpResponse:
    """A key that belongs to nobody, for everyone and the schedule."""
    return _connect(request, None, "Add a service key", "keys")


def _connect(request: HttpRequest, owner: Staff | None, title: str, then: str) -> HttpResponse:
    form = key_choice.form_of(request)
    problem: keys.NotSaved | None = None
    if request.method == "POST" and owner is not None and keys.own_key(owner) is not None:
        messages.info(request, "You have a key already. Replace it, so that what waits on it goes along.")
        return redirect(then)
    if request.method == "POST":
        try:
            key = key_choice.key_of(request, form, owner)
            if key is not None:
                keys.connect(key, acting(request), by=current(request), test="untested" not in request.POST)
                return _connected(request, key, then)
        except keys.NotSaved as error:
            problem = error
    return key_form_page(request, form, problem, title, then)


def _connected(request: HttpRequest, key: ApiKey, then: str) -> HttpResponse:
    if key.is_service:
        key_changes.take_over(key, acting(request))
    role = " It is the service key now, the default for everyone." if key.is_service else ""
    tested = "works" if key.state == ApiKey.State.WORKING else "is saved, not tested"
    messages.success(request, f"Key {key.fingerprint} {tested}.{role}")
    return redirect(then)


def key_form_page(
    request: HttpRequest, form: KeyForm, problem: keys.NotSaved | None, title: str, then: str, **more: object
) -> HttpResponse:
    """The page with key and scheme; `problem`: what the test said, kept beside what was typed."""
    may_wait = problem and problem.open and key_choice.GENERATE not in request.POST
    context = {"title": title, "form": form, "problem": _words(problem), "open": may_wait, "then": then}
    context["verdict"] = problem.found.verdict if problem else ""
    here = {"host": host(), "is_sandbox": environment_name() == "sandbox"}
    page = render(request, "keys/form.html", {**context, **here, **more})
    if problem is not None or form.errors:
        page.status_code = 422
    return page


def _words(problem: keys.NotSaved | None) -> str:
    if problem is None:
        return ""
    if problem.found.verdict is Verdict.REFUSED:
        return f"{problem.found.sentence} Nothing saved. Copied whole, without spaces?"
    return f"{problem.found.sentence} Nothing saved."


@require_POST
def generate(request: HttpRequest) -> HttpResponse:
    """One click, on the sandbox only."""
    staff = current(request)
    try:
        key = sandbox_key.generate(staff, acting(request))
    except sandbox_key.OnlyInTheSandbox:
        raise Http404 from None
    except keys.AlreadyConnected:
        messages.info(request, "You have a key already.")
        return redirect("account")
    except keys.NotSaved as error:
        messages.error(request, f"{error} Nothing saved. Is the sandbox running?")
        return redirect("account")
    return _connected(request, key, "account")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """Asks for the password, then shows one's own key for 30 s. Nobody sees another's."""
    staff = current(request)
    key = keys.own_key(staff)
    if key is None:
        raise Http404
    form = PasswordForm(request.POST or None)
    shown = ""
    if request.method == "POST" and form.is_valid():
        if is_password_of(staff, form.cleaned_data["password"], request):
            shown = keys.show(key, acting(request))
        else:
            form.add_error("password", "This is not your password. Wrong ones count towards the lock.")
    context = {"title": "View API Key", "key": key_view(key), "form": form, "shown": shown}
    page = render(request, "keys/view.html", {**context, "seconds": HIDE_SECONDS})
    page["Cache-Control"] = "no-store"
    return page
