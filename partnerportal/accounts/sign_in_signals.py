"""The only file with Django signals: sign-in, sign-out, wrong password and lock become audit entries.

No password and no typed name enters them: who mistakes the fields types a password as the name.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from partnerportal.accounts.locking import tell, tried_on
from partnerportal.accounts.models import Staff
from partnerportal.accounts.tries import address_of
from partnerportal.audit import entries
from partnerportal.audit.context import Context, user_actor
from partnerportal.kernel.ids import record_name

UNKNOWN = "user:?"
ENDED_BECAUSE = "portal_ended_because"  # an attribute that whoever ends a session puts on the request


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Staff, **_: Any) -> None:
    _write("signed_in", user, request)


@receiver(user_logged_out)
def signed_out(request: HttpRequest | None, user: Staff | None, **_: Any) -> None:
    if user is not None:
        _write("signed_out", user, request, because=getattr(request, ENDED_BECAUSE, "asked"))


@receiver(user_login_failed)
def wrong_password(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Also for a signed-in person who is asked again, say before an API key is shown.

    Not while a lock lasts: nothing is checked then, and nobody outside may fill the audit at will.
    """
    tried = tried_on(request)
    if tried is not None and tried.refused:
        return
    user = getattr(request, "user", None)
    asked = user is not None and user.is_authenticated
    _write("password_refused" if asked else "sign_in_failed", _named(credentials.get("username")), request)


@receiver(user_locked_out)
def locked_out(request: HttpRequest, **_: Any) -> None:
    tried = tried_on(request)
    if tried is not None:
        with transaction.atomic():
            _write("sign_in_locked", tried.staff, request, until=str(tried.until))
            tell(tried)


@receiver(password_changed)
def changed_password(request: HttpRequest, user: Staff, **_: Any) -> None:
    _write("password_changed", user, request)


def _named(username: Any) -> Staff | None:
    return Staff.objects.filter(username__iexact=str(username)).first() if username else None


def _write(action: str, staff: Staff | None, request: HttpRequest | None, **detail: str) -> None:
    context = Context(
        actor=user_actor(staff.username) if staff else UNKNOWN,
        origin="console",
        record=record_name("staff", staff.pk) if staff else "",
    )
    address = address_of(request) if request is not None else ""
    with transaction.atomic():
        entries.write(action, context, {**detail, "address": address})
