"""How long a push will take: requests, seconds, when it would be done. Pure but for clock and settings.

Source: design, "Lanes and brakes": bulk leaves senders + 3 tokens, and two are held back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from integrations.inboxhealth.lanes import HELD_BACK

BULK_LEAVES = 3


@dataclass(frozen=True)
class Estimate:
    """`requests`: of this push with its parents. `seconds`: with what waits before it."""

    requests: int
    seconds: int
    ahead: int
    rate: float
    free: int
    done_at: datetime


def estimate(records: int, parents: int, ahead: int) -> Estimate:
    """A full bucket at the start. Each enterprise that goes first costs its create and one read-back."""
    requests = records + 2 * parents
    free = max(int(settings.INBOX_HEALTH_BURST - HELD_BACK) - settings.DELIVERY_SENDERS - BULK_LEAVES, 0)
    seconds = max(0.0, (requests + ahead - free) / settings.INBOX_HEALTH_RATE)
    done_at = timezone.now() + timedelta(seconds=seconds)
    return Estimate(requests, max(1, round(seconds)), ahead, settings.INBOX_HEALTH_RATE, free, done_at)
