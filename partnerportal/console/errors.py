"""The error pages: one sentence, one way on, in our words. Imports the console's frame and accounts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from partnerportal.accounts.models import Staff
from partnerportal.accounts.roles import ADMINISTRATOR
from partnerportal.kernel import correlation

# How Django's reasons begin where the Origin or Referer header is missing, null or of another site.
_FROM_ELSEWHERE = ("Origin checking failed", "Referer checking failed")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request, 400, "This request can't be read", "Go back, load the page again, and try once more."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    roles = " and ".join(request.user.groups.values_list("name", flat=True)) or "none yet"
    sentence = f"Your role ({roles}) does not reach this page. Ask {_administrators()}."
    return _page(request, 403, "Not yours to open", sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = "There is nothing here, or it belongs to an enterprise outside your scope."
    return _page(request, 404, "Not found", sentence)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Two causes, two remedies: the browser hides where the form is from, or the form is an old one."""
    if reason.startswith(_FROM_ELSEWHERE):
        sentence = (
            "Your browser did not say that this form came from this portal, so nothing was saved. "
            "Turn off add-ons that hide the referrer for this site, or tell an administrator."
        )
        return _page(request, 403, "This form was not accepted", sentence)
    sentence = (
        "You signed in again, or out, since this page was loaded. Go back, load it again, and save once more."
    )
    return _page(request, 403, "This page is out of date", sentence)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 429, "Too many requests", "Wait a minute, then go on.")


def broken(request: HttpRequest) -> HttpResponse:
    """No query and no frame here: whatever is broken may be what they need."""
    page = loader.get_template("portal/broken.html").render({"code": correlation.current()})
    return HttpResponse(page, status=500)


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    template = "portal/error.html" if signed_in else "portal/error_door.html"
    context: dict[str, Any] = {"title": title, "sentence": sentence, "status": status}
    return render(request, template, context, status=status)


def _administrators() -> str:
    staff = Staff.objects.filter(groups__name=ADMINISTRATOR, is_active=True).order_by("username")[:3]
    return " or ".join(s.get_full_name() or s.username for s in staff) or "an administrator"
