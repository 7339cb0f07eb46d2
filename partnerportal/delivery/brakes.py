"""Brakes: who may stop sending, and when it stops by itself. Imports models and audit."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery.models import Brake


def stop(context: Context, reason: str, scope: str = Brake.Scope.ALL, target: int | None = None) -> Brake:
    """Stop sending for everything, one key or one enterprise; a brake that is on already stays."""
    with transaction.atomic():
        brake, made = Brake.objects.get_or_create(
            scope=scope,
            target_id=target,
            released_at=None,
            defaults={
                "reason": reason[:200],
                "actor": context.actor,
                "automatic": context.actor == Context().actor,
            },
        )
        if made:
            entries.write("sending_stopped", context, {"scope": scope, "target": target, "reason": reason})
    return brake


def stop_all(reason: str) -> Brake:
    """The portal itself stops everything."""
    return stop(Context(), reason)


def release(context: Context, brake: Brake) -> None:
    """Sending resumes where it stood."""
    with transaction.atomic():
        brake.released_at, brake.released_by = timezone.now(), context.actor
        brake.save(update_fields=["released_at", "released_by"])
        entries.write("sending_resumed", context, {"scope": brake.scope, "target": brake.target_id})
