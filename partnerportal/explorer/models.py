"""Trial: one run of Try It. Draft: what was typed before. WriteWindow: when writes in production are open.

What was sent and answered stands in the audit alone. Only a draft can hold a person's data: it is encrypted,
and kept for a day. Imports accounts and the kernel.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import models

from partnerportal.accounts.models import Staff
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.fields import EncryptedJSONField


class Trial(models.Model):
    """Committed before the call: a form sent twice finds its first run by `token` and sends nothing."""

    token = models.UUIDField(unique=True)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    operation = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
    exchange = models.BigIntegerField(null=True)  # null while it runs, and where nothing was sent
    problem = models.CharField(max_length=40, blank=True)  # why nothing was sent
    budget = models.FloatField(null=True)  # requests that the key had left after it
    record = models.CharField(max_length=60, blank=True)  # what it made or changed here: patient:P-12
    mirrored = models.CharField(max_length=40, blank=True)  # see entering

    def __str__(self) -> str:
        return f"Trial {self.pk} of {self.operation}"


class Draft(models.Model):
    """What a person typed, kept between a POST and the page that shows it, so that Back finds a page.

    `token`: of its confirmation, which sends once. `problem`, `detail`: why nothing was sent.
    """

    KEPT = timedelta(days=1)

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    operation = models.CharField(max_length=60)
    said = EncryptedJSONField(default=dict)
    problem = models.CharField(max_length=40, blank=True)
    detail = EncryptedJSONField(null=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"Draft {self.pk} of {self.operation}"

    @classmethod
    def keep(
        cls, staff: Staff, operation: str, said: dict[str, str], problem: str = "", detail: Any = None
    ) -> Draft:
        """A new one; those of yesterday go."""
        cls.objects.filter(at__lt=db_now() - cls.KEPT).delete()
        return cls.objects.create(staff=staff, operation=operation, said=said, problem=problem, detail=detail)


class WriteWindow(models.Model):
    """Writes through Try It in production, opened by an administrator until a time."""

    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Open until {self.until:%Y-%m-%d %H:%M}"

    @classmethod
    def now_open(cls) -> WriteWindow | None:
        """The one that is open now, the longest where there are several."""
        return cls.objects.filter(closed_at=None, until__gt=db_now()).order_by("-until").first()
