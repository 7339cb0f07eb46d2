"""Celery tasks of webhooks: a few lines each. A message only says "look" (law 1)."""

from __future__ import annotations

from celery import shared_task

from partnerportal.delivery.belonging import belongs
from partnerportal.delivery.tasks import beat
from partnerportal.kernel.dispatch import ring
from partnerportal.webhooks import process
from partnerportal.webhooks.bell import DRIVE

DRIVE_SECONDS = 10.0


@shared_task(name=DRIVE, expires=60)
def drive() -> None:
    """Work off events for a while; ring again where more are due. The schedule rings too."""
    beat("webhooks")
    if belongs() and process.drive(DRIVE_SECONDS) and process.is_due():
        ring(DRIVE, queue="background")
