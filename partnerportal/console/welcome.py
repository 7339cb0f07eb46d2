"""The page behind a one-time link: set a password. Public; the link is the proof. Imports accounts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partnerportal.accounts import welcome as links
from partnerportal.console.staff_forms import NewPasswordForm


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """A GET shows the form and changes nothing; the POST sets the password and ends the link."""
    staff = links.person_of(pk, token)
    if staff is None:
        return _answer(request, {"title": "This link has ended"}, 410)
    form = NewPasswordForm(staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        links.accept(staff, form.cleaned_data["password1"])
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    return _answer(request, {"title": "Set your password", "form": form, "username": staff.username}, 200)


def _answer(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, "account/welcome.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"  # the address is the proof
    return response
