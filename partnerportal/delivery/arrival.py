"""When a push would be done: what it takes, what is free of the budget now, what waits before it.

Source: design, "Lanes and brakes": bulk leaves senders + 3 tokens. Imports the gateway's limiter and models.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from integrations.inboxhealth.errors import LimiterUnavailable
from partnerportal.accounts.gateway import limiter
from partnerportal.accounts.models import ApiKey
from partnerportal.delivery.models import Delivery

BULK_LEAVES = 3
GOES_BEFORE = ("interactive", "bulk")


@dataclass(frozen=True)
class Estimate:
    """`requests`: of this push with its parents; `free`: of those, what goes out at once; `seconds` in all.

    `sure` is false where the budget could not be read: then nothing is counted as free.
    """

    requests: int
    seconds: int
    ahead: int
    rate: float
    free: int
    sure: bool
    done_at: datetime


def estimate(requests: int, key: ApiKey | None) -> Estimate:
    """When so many requests, those that are read included, would be done."""
    level = _level(key)
    free = max(int(level or 0) - settings.DELIVERY_SENDERS - BULK_LEAVES, 0)
    before = ahead(key)
    seconds = max(0.0, (requests + before - free) / settings.INBOX_HEALTH_RATE)
    done_at = timezone.now() + timedelta(seconds=seconds)
    return Estimate(
        requests, max(1, round(seconds)), before, settings.INBOX_HEALTH_RATE, free, level is not None, done_at
    )


def ahead(key: ApiKey | None) -> int:
    """How many deliveries of this key go before a new batch."""
    return Delivery.objects.filter(key=key, lane__in=GOES_BEFORE, state__in=Delivery.DUE).count()


def _level(key: ApiKey | None) -> float | None:
    if key is None:
        return None
    try:
        return limiter().level(key.fingerprint)
    except LimiterUnavailable:
        return None
