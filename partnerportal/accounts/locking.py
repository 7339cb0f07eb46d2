"""The lock after too many wrong passwords: by name, however it is written. Imports django-axes and audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.ids import record_name


def typed_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """The name that tries are counted under: signing in ignores case, so the count must, too."""
    posted = request.POST.get("login") if request is not None else None
    name = (credentials or {}).get("username") or posted
    return fold(str(name)) if name else None


def fold(name: str) -> str:
    return name.strip().lower()


def locked_until(name: str) -> datetime | None:
    """When a locked name may try again; None where it is not locked."""
    tries = AccessAttempt.objects.filter(username=fold(name)).aggregate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )
    if (tries["failures"] or 0) < settings.AXES_FAILURE_LIMIT:
        return None
    until: datetime = tries["last"] + get_cool_off()
    return until if until > timezone.now() else None


def unlock(staff: Staff, context: Context) -> None:
    """Forget the wrong tries of a person."""
    with transaction.atomic():
        reset(username=fold(staff.username))
        entries.write("staff_unlocked", context.about(record=record_name("staff", staff.pk)))
