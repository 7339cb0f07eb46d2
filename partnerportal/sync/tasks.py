"""Celery tasks of sync: a few lines each. A message only says "look" (law 1)."""

from __future__ import annotations

from celery import shared_task

from partnerportal.accounts.gateway import NoKey
from partnerportal.audit.context import Context
from partnerportal.delivery.belonging import belongs
from partnerportal.delivery.tasks import beat
from partnerportal.kernel.dispatch import ring
from partnerportal.sync import conflicts, leases, pulling, services

DRIVE_SECONDS = 10.0


@shared_task(name="partnerportal.sync.tasks.pull", expires=300)
def pull() -> None:
    """Start a pass over what is new, by the schedule or because a channel is suspect; without a key, none."""
    try:
        services.request_pull(Context())
    except NoKey:
        return


@shared_task(name="partnerportal.sync.tasks.drive", expires=60)
def drive() -> None:
    """Go on with running pulls for a while; ring again where more is due. The schedule rings too."""
    conflicts.free_settled()
    if not services.running().exists() or not belongs():
        return
    beat("pull")
    pulling.drive(DRIVE_SECONDS)
    soon = leases.due_in()
    if soon is not None and soon <= pulling.SOON:
        ring(services.DRIVE, queue="background")
