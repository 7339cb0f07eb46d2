"""Celery tasks of the mirror: files in. A few lines each; the work is in `records.imports`."""

from __future__ import annotations

from celery import shared_task

from partnerportal.records.imports import applying, checking, reviving


@shared_task
def check_import(pk: int) -> None:
    checking.check(pk)


@shared_task
def apply_import(pk: int) -> None:
    applying.apply(pk)


@shared_task
def sweep_imports() -> None:
    """Every 30 s by the schedule, on the queue `background`."""
    reviving.sweep()
