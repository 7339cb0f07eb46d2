"""Per request: the person's time zone, and sign-out after idling. Progress polling is no activity."""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from partnerportal.accounts.sign_in_signals import ENDED_BECAUSE

POLL_HEADER = "X-Portal-Poll"  # our own scripts say it; such a request does not keep a session alive
LAST_SEEN = "last_activity"


class StaffMiddleware:
    """Runs after authentication, before any page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._idle(request)
        zone = getattr(request.user, "time_zone", "") if request.user.is_authenticated else ""
        with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
            return self.get_response(request)

    def _idle(self, request: HttpRequest) -> None:
        now, last = int(time.time()), request.session.get(LAST_SEEN)
        if last is not None and now - last >= settings.IDLE_SECONDS:
            setattr(request, ENDED_BECAUSE, "idle")
            logout(request)
        elif POLL_HEADER not in request.headers and (last is None or now - last >= 5):
            request.session[LAST_SEEN] = now


def seconds_left(request: HttpRequest) -> int:
    """How long this session lives without another activity."""
    now = int(time.time())
    last = int(request.session.get(LAST_SEEN, now))
    return max(0, int(settings.IDLE_SECONDS) - (now - last))
