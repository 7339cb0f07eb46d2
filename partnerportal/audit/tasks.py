"""Celery tasks of the audit: a few lines each. A message only says "look" (law 1)."""

from __future__ import annotations

from celery import shared_task

from partnerportal.audit import checkpoint


@shared_task(name="partnerportal.audit.tasks.checkpoint", expires=30)
def run_checkpoint() -> None:
    """Every few seconds: is this still the newest database? Then say outside how far it has come."""
    checkpoint.renew()
