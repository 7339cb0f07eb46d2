"""Imports nobody works on any more are picked up again: a lost message, a killed worker. Imports siblings.

A turn (a lock that dies with its worker) keeps two workers off one import: once too often is harmless.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from partnerportal.records.imports import applying, checking, storage
from partnerportal.records.models import Import

SILENT = timedelta(seconds=30)


def sweep() -> int:
    """Work off imports silent for too long, and drop files whose time is over; how many were found."""
    silent = Import.objects.filter(state__in=Import.OPEN, job__heartbeat_at__lt=timezone.now() - SILENT)
    found = list(silent.order_by("pk").values_list("pk", "state"))
    for pk, state in found:
        (checking.check if state == Import.State.CHECKING else applying.apply)(pk)
    storage.expire()
    return len(found)
