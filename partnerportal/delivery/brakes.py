"""Brakes: stopping and resuming, by a person or by the portal itself. Imports models, audit and telling."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import telling
from partnerportal.delivery.models import Brake
from partnerportal.delivery.queueing import LANES, ring_lane
from partnerportal.kernel.crash import crash_point

OTHER_ENVIRONMENT = "other_environment"


def stop(
    context: Context, reason: str, scope: str = Brake.Scope.ALL, target: int | None = None, *, cause: str = ""
) -> Brake:
    """Stop sending for everything, one key or one enterprise; a brake that is on already stays.

    One that the portal sets by itself is told to those concerned. `cause`: see Brake.
    """
    with transaction.atomic():
        brake, made = Brake.objects.get_or_create(
            scope=scope,
            target_id=target,
            released_at=None,
            defaults={
                "reason": reason[:200],
                "actor": context.actor,
                "automatic": context.actor == Context().actor,
                "cause": cause,
            },
        )
        if made:
            entries.write(
                "sending_stopped",
                _about(context, scope, target),
                {"scope": scope, "target": target, "reason": reason},
            )
            if brake.automatic:
                telling.stopped(brake)
    crash_point("sending_stopped")
    return brake


def _about(context: Context, scope: str, target: int | None) -> Context:
    """A stop of one enterprise is nobody's to read who may not see it."""
    return context.about(enterprise=target) if scope == Brake.Scope.ENTERPRISE else context


def stop_all(reason: str) -> Brake:
    """The portal itself stops everything: what is asked is another environment than this deployment's."""
    return stop(Context(), reason, cause=OTHER_ENVIRONMENT)


def release(context: Context, brake: Brake) -> bool:
    """Sending resumes where it stood; False where somebody else has released it."""
    with transaction.atomic():
        mine = Brake.objects.filter(pk=brake.pk, released_at=None)
        if not mine.update(released_at=Now(), released_by=context.actor):
            return False
        entries.write(
            "sending_resumed",
            _about(context, brake.scope, brake.target_id),
            {"scope": brake.scope, "target": brake.target_id},
        )
        for lane in LANES:
            ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
    brake.refresh_from_db()
    return True
