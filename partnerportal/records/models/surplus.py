"""Surplus: a second record at Inbox Health, left by a request of ours that landed late. A person judges.

It carries our reference, or holds what an accepted create of ours said, and is tied to no record here.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now

from partnerportal.kernel.fields import EncryptedJSONField


class SurplusQuerySet(models.QuerySet["Surplus"]):
    """Pages start with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        if not getattr(user, "is_active", False):
            return self.none()
        if user.all_enterprises:
            return self.all()
        return self.filter(enterprise_id__in=user.scope.values("enterprise_id"))


class Surplus(models.Model):
    """`record_id`: ours that it seems to be a second one of. Once answered it is never asked about again."""

    class Answer(models.TextChoices):
        OPEN = "", "Not answered"
        SAME = "same", "A duplicate"
        DIFFERENT = "different", "Another record"
        LINKED = "linked", "Linked"

    noun = models.CharField(max_length=20)
    remote_id = models.BigIntegerField()
    record_id = models.BigIntegerField()
    enterprise_id = models.BigIntegerField()
    record = EncryptedJSONField()
    carries_reference = models.BooleanField(default=False)
    since = models.DateTimeField(db_default=Now())
    answer = models.CharField(max_length=12, choices=Answer.choices, default=Answer.OPEN, blank=True)
    actor = models.CharField(max_length=190, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(SurplusQuerySet)()

    class Meta:
        verbose_name_plural = "surplus records"
        constraints = [models.UniqueConstraint(fields=["noun", "remote_id"], name="surplus_once")]
        indexes = [
            models.Index(fields=["noun", "enterprise_id"], condition=models.Q(answer=""), name="surplus_open")
        ]

    def __str__(self) -> str:
        return f"{self.noun} IH {self.remote_id}"
