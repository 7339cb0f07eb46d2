"""Difference: what was changed at Inbox Health and can't be held in our columns, for a person to see."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Difference(models.Model):
    """One record and the attributes whose value there could not be taken. Names only, no values."""

    noun = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    enterprise_id = models.BigIntegerField(db_index=True)
    attributes = models.JSONField(default=list)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "record_id"], name="difference_once")]

    def __str__(self) -> str:
        return f"{self.noun} {self.record_id}: {', '.join(self.attributes)}"
