"""Whether a worker lives, from the heartbeats: what waits is not lost, but a page must say why it waits.

Imports delivery's models only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from partnerportal.delivery.models import Heartbeat

SILENT = timedelta(seconds=60)  # the sweep beats every 10 s


def silent_since(waiting_since: datetime) -> datetime | None:
    """When a worker last said that it lives, if that is long ago; None while one does.

    Where none ever did, since the work began to wait.
    """
    last = Heartbeat.objects.aggregate(last=Max("seen_at"))["last"] or waiting_since
    last = max(last, waiting_since)
    return last if timezone.now() - last > SILENT else None
