"""The pages behind a one-time link: set a password. Public; the link is the proof. Imports accounts.

As Django's PasswordResetConfirmView: the link's own address only moves the proof into the session, so that
the page with the form has nothing in its address that a history, a log or a Referer could keep. A policy of
no referrer at all would make browsers send `Origin: null` with the form, which CSRF refuses.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from partnerportal.accounts import welcome as links
from partnerportal.accounts.models import Staff
from partnerportal.console.staff_forms import NewPasswordForm

_PROOF = "welcome"  # in the session: the person's primary key, and the link's token


@require_GET
def welcome(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The link in the mail. Changes nothing but the session, so that a mail scanner may follow it."""
    if links.person_of(pk, token) is None:
        return _ended(request)
    request.session[_PROOF] = [pk, token]
    return redirect("welcome_password")


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A GET shows the form; the POST sets the password and ends the link."""
    staff = _proven(request)
    if staff is None:
        return _ended(request)
    form = NewPasswordForm(staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        links.accept(staff, form.cleaned_data["password1"])
        _forget(request, staff)
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    context = {"title": "Set your password", "form": form, "username": staff.username}
    return render(request, "account/welcome.html", context, status=422 if form.errors else 200)


def _proven(request: HttpRequest) -> Staff | None:
    """Whose link this browser followed; it is looked at again, as it may have ended since."""
    pk, token = request.session.get(_PROOF) or (0, "")
    return links.person_of(pk, token)


def _forget(request: HttpRequest, staff: Staff) -> None:
    """Of this browser's session the proof; all of it where it is one of the sessions that just ended."""
    if request.user.pk == staff.pk:
        request.session.flush()
    else:
        del request.session[_PROOF]


def _ended(request: HttpRequest) -> HttpResponse:
    return render(request, "account/welcome.html", {"title": "This link has ended"}, status=410)
