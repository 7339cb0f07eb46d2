"""The cookie by which a browser is known as one that a person signed in with. It opens nothing by itself.

Signed, for one person only, not readable by scripts; whoever has it still needs the password, and has as many
tries as anybody. Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies. Imports models.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from partnerportal.accounts.models import Staff

SECONDS = 400 * 86400  # as long as browsers keep a cookie; each sign-in renews it
_SALT = "portal.known-browser"


def recognised(request: HttpRequest, staff: Staff) -> str:
    """The browser's id, "" where this person never signed in with it."""
    value = str(request.get_signed_cookie(_cookie(staff), "", salt=_SALT, max_age=SECONDS))
    person, _, browser = value.partition(":")
    return browser if person == str(staff.pk) else ""


def remember(request: HttpRequest, response: HttpResponse, staff: Staff) -> None:
    """After a sign-in. A browser that is known keeps its id, and what is counted under it."""
    browser = recognised(request, staff) or get_random_string(22)
    response.set_signed_cookie(
        _cookie(staff),
        f"{staff.pk}:{browser}",
        salt=_SALT,
        max_age=SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _cookie(staff: Staff) -> str:
    return f"portal_browser_{staff.pk}"
