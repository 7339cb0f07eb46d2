"""The bar that says on every page that sending is stopped, since when and why. Imports delivery's models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from partnerportal.delivery.models import Brake, Delivery


@dataclass(frozen=True)
class Stop:
    """One open brake in a person's sight. `waiting`: deliveries of theirs that wait to be sent."""

    scope: str
    reason: str
    since: datetime
    waiting: int
    target_id: int | None


def stops_for(user: Any) -> list[Stop]:
    """Open brakes; one on an enterprise only to those who may see it."""
    brakes = list(Brake.objects.filter(released_at=None).order_by("created_at"))
    if not brakes:
        return []
    theirs = Delivery.objects.visible_to(user)
    waiting = theirs.filter(state__in=Delivery.UNSENT)
    return [_stop(b, waiting) for b in brakes if _in_sight(b, user)]


def _in_sight(brake: Brake, user: Any) -> bool:
    if brake.scope != Brake.Scope.ENTERPRISE or user.all_enterprises:
        return True
    return bool(user.scope.filter(enterprise_id=brake.target_id).exists())


def _stop(brake: Brake, waiting: Any) -> Stop:
    narrowed = {
        "all": {},
        "key": {"key_id": brake.target_id},
        "enterprise": {"enterprise_id": brake.target_id},
    }
    count = waiting.filter(**narrowed[brake.scope]).count()
    return Stop(brake.scope, brake.reason, brake.created_at, count, brake.target_id)
