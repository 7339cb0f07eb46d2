"""django-axes' handler (AXES_HANDLER): axes' backend, middleware and signals, with our own counting (tries).

The handler that axes brings counts after the password was checked, so that of many tries at once all are
checked. It has one limit for names and addresses, and keeps what was posted: a mistyped password, too.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from axes.signals import user_locked_out
from django.http import HttpRequest

from partnerportal.accounts import tries
from partnerportal.accounts.locking import tried_on, typed_name


class LockHandler(AxesBaseHandler, AbstractAxesHandler):  # type: ignore[misc]
    """Asked by axes' backend before each check of a password, and told of what came of it."""

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        tried = tries.begin(request, typed_name(request, credentials) or "")
        tried_on(request, tried)
        return not tried.refused

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
    ) -> None:
        """A lock that begins is told once; while it lasts, each try gets the locked page and no entry."""
        tried = tried_on(request)
        if request is None or tried is None or tried.until is None:
            return
        request.axes_locked_out = True  # type: ignore[attr-defined]
        if not tried.refused:
            user_locked_out.send("axes", request=request, username=None, ip_address=None)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
        """Nothing: the adapter says it, also for who is asked again (passwords)."""

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
        """Nothing."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        return 0
