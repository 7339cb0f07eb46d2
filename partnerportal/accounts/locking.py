"""The lock after too many wrong passwords, as pages see it. Imports tries, notices and audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from partnerportal.accounts import tries
from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.jobs import notices
from partnerportal.kernel.ids import record_name
from partnerportal.kernel.numbers import counted

_TRY = "portal_try"  # an attribute of the request
locked_until = tries.locked_until


def typed_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """The name that tries are counted under: signing in ignores case, so the count must, too."""
    posted = request.POST.get("login") if request is not None else None
    name = (credentials or {}).get("username") or posted
    return fold(str(name)) if name else None


def fold(name: str) -> str:
    return name.strip().lower()


def tried_on(request: HttpRequest | None, tried: tries.Try | None = None) -> tries.Try | None:
    """The try that this request made last; with `tried`, keep it."""
    if tried is not None:
        setattr(request, _TRY, tried)
    found: tries.Try | None = getattr(request, _TRY, None)
    return found


def unlock(staff: Staff, context: Context) -> None:
    """Forget the wrong tries of a person."""
    with transaction.atomic():
        tries.forget(staff)
        entries.write("staff_unlocked", context.about(record=record_name("staff", staff.pk)))


def tell(tried: tries.Try) -> None:
    """Who is tried hears of it, in the console and by e-mail: once a lock, and once an hour at most."""
    staff, now = tried.staff, timezone.now()
    if staff is None or not staff.is_active or tried.keys[0] not in tried.locks or tried.until is None:
        return
    minutes = round((tried.until - now).total_seconds() / 60)
    sentence = (
        f"Someone typed a wrong password for you {counted(settings.AXES_FAILURE_LIMIT, 'time')}. "
        f"Signing in as you from there is locked for {counted(minutes, 'minute')}. "
        "Browsers you signed in with before still work. If it was not you, tell an administrator."
    )
    about = f"sign-in-locked:{now:%Y-%m-%dT%H}"
    notices.tell([staff.pk], "sign_in_locked", about, sentence, path="/account/", bad=True)
