"""Opens writes in production for a chosen time, and closes them. Imports models and audit.

Each is an entry; nothing has to run for a window to end: it is over when its time is.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.explorer.models import WriteWindow
from partnerportal.kernel.clock import db_now

MINUTES = (15, 60)


def open_writes(staff: Staff, minutes: int, context: Context) -> WriteWindow:
    """Writes are open from now on, for one of MINUTES. Raises ValueError for another time."""
    if minutes not in MINUTES:
        raise ValueError("Writes are opened for 15 or 60 minutes.")
    with transaction.atomic():
        until = db_now() + timedelta(minutes=minutes)
        window = WriteWindow.objects.create(opened_by=staff, until=until)
        detail = {"minutes": minutes, "until": until.isoformat()}
        entries.write("try_it_writes_opened", context, detail)
    return window


def close_writes(context: Context) -> int:
    """End every open window now; how many there were."""
    with transaction.atomic():
        now = db_now()
        ended = WriteWindow.objects.filter(closed_at=None, until__gt=now).update(closed_at=now)
        if ended:
            entries.write("try_it_writes_closed", context)
    return ended
