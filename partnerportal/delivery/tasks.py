"""Celery tasks of the outbox: a few lines each. A message only says "look" (law 1)."""

from __future__ import annotations

import os
import socket
import time

from celery import shared_task
from django.db.models.functions import Now

from partnerportal.delivery import claims, engine, mailing, resolve, sweep
from partnerportal.delivery.batches import finish_batches
from partnerportal.delivery.belonging import belongs
from partnerportal.delivery.bulk import resume_enqueueing
from partnerportal.delivery.models import Heartbeat
from partnerportal.delivery.queueing import ring_lane

DRIVE_SECONDS = 10.0
BEAT_SECONDS = 2.0
_beaten: dict[str, float] = {}  # when this process last beat under each name


@shared_task(name="partnerportal.delivery.tasks.drive", expires=60)
def drive(lane: str) -> None:
    """Send what is due in a lane for a while; ring again where more is due."""
    beat(lane)
    if not belongs():
        return
    handled = engine.drive(lane, DRIVE_SECONDS)
    if handled:
        finish_batches()
    if handled and claims.is_due(lane):
        ring_lane(lane)


@shared_task(name="partnerportal.delivery.tasks.enqueue", expires=60)
def enqueue() -> None:
    """Go on queueing what confirmed plans still hold."""
    beat("enqueue")
    resume_enqueueing()


@shared_task(name="partnerportal.delivery.tasks.resolve", expires=60)
def resolve_due() -> None:
    """Look up unknown outcomes that are due."""
    beat("resolve")
    if belongs() and resolve.resolve_due():
        finish_batches()


@shared_task(name="partnerportal.delivery.tasks.sweep", expires=30)
def run_sweep() -> None:
    """Every few seconds: revive what a dead worker or a lost broker left."""
    beat("sweep")
    sweep.sweep()


@shared_task(name="partnerportal.delivery.tasks.mail_notices", expires=60)
def mail_notices() -> None:
    """Mail what people are to be told."""
    mailing.mail_due()


def beat(name: str) -> None:
    """This worker says that it lives; not for every push that somebody waits for, though."""
    now = time.monotonic()
    if now - _beaten.get(name, -BEAT_SECONDS) < BEAT_SECONDS:
        return
    _beaten[name] = now
    Heartbeat.objects.update_or_create(
        name=f"{name}@{socket.gethostname()}:{os.getpid()}", defaults={"seen_at": Now()}
    )
