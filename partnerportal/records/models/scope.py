"""Staff scope: the enterprises a person may see, when they may not see all. A new person has none."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from partnerportal.records.models.enterprise import Enterprise


class Scope(models.Model):
    """One enterprise in one person's scope."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="scope")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="staff_scope")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "enterprise"], name="scope_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} sees E-{self.enterprise_id}"
