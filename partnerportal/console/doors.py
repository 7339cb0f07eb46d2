"""The doors: the locked page, what becomes of a save that lost its session, and how long a session lives.

allauth's views serve sign-in and sign-out; their templates are ours. Imports accounts.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from partnerportal.accounts.locking import tried_on
from partnerportal.accounts.middleware import seconds_left

# Not sent back to the browser in a page: they are typed again.
_SECRET = ("password", "oldpassword", "password1", "password2", "secret", "ssn", "csrfmiddlewaretoken")


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """django-axes calls this once a lock begins, and for each try until it ends."""
    tried = tried_on(request)
    until = tried.until if tried else None
    return render(request, "account/locked.html", {"title": "Locked", "until": until}, status=429)


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in and for how long, in seconds. A GET with the poll header leaves that time as it is."""
    return JsonResponse({"user": request.user.get_username(), "left": seconds_left(request)})


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Where signing in beside a covered page ends: it tells that page, and may be closed."""
    return render(request, "account/back.html", {"title": "You are signed in again"})


def interrupted(request: HttpRequest, page: str) -> HttpResponse:
    """A save without a session: what was typed is in this answer, and sent again after signing in.

    `page`: the address of the form. Nothing is kept on the server. A file must be chosen again.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _SECRET and isinstance(value, str)
    ]
    context = {
        "title": "Signed out before this was saved",
        "fields": fields,
        "action": request.get_full_path(),
        "page": page,
        "files": bool(request.FILES),
    }
    response = render(request, "account/interrupted.html", context, status=401)
    response["Cache-Control"] = "no-store"
    return response
