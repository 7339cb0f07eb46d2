"""Celery tasks of the console: files out, whose rows only the lists know. A few lines each."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from partnerportal.console import exporting
from partnerportal.jobs.models import Job
from partnerportal.records.exports import storage
from partnerportal.records.models import Export

SILENT = timedelta(seconds=30)


@shared_task
def write_export(pk: int) -> None:
    exporting.write(pk)


@shared_task
def sweep_exports() -> None:
    """Every 30 s by the schedule: write what nobody is at any more, drop what has had its time."""
    lost = Export.objects.filter(
        written_at=None, job__state=Job.State.RUNNING, job__heartbeat_at__lt=timezone.now() - SILENT
    )
    for pk in list(lost.order_by("pk").values_list("pk", flat=True)):
        exporting.write(pk)
    storage.expire()
