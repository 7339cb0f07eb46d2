"""Celery tasks of webhooks: a few lines each. A message only says "look" (law 1)."""

from __future__ import annotations

from celery import shared_task

from partnerportal.accounts.gateway import NoKey
from partnerportal.audit.context import Context
from partnerportal.delivery.belonging import belongs
from partnerportal.delivery.tasks import beat
from partnerportal.kernel.dispatch import ring
from partnerportal.webhooks import checking, process, watch
from partnerportal.webhooks.bell import DRIVE

DRIVE_SECONDS = 10.0


@shared_task(name=DRIVE, expires=60)
def drive() -> None:
    """Work off events for a while; ring again where more are due. The schedule rings too."""
    beat("webhooks")
    if belongs() and process.drive(DRIVE_SECONDS) and process.is_due():
        ring(DRIVE, queue="background")


@shared_task(name="partnerportal.webhooks.tasks.watch", expires=60)
def watch_channels() -> None:
    """Every minute: is each channel still to be trusted?"""
    watch.watch()


@shared_task(name="partnerportal.webhooks.tasks.check", expires=600)
def check_endpoints() -> None:
    """Compare what is registered at Inbox Health with what is wanted here."""
    if belongs():
        context = Context(lane="background")
        try:
            checking.renew_addresses(context)
            checking.check(context)
        except NoKey:
            return
