"""Notification: a message that Inbox Health sent to a patient, as it was last listed there. Read only.

Imports the patient, kernel fields. What the API says of one is documented nowhere [A]: it is kept whole.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from partnerportal.kernel.fields import EncryptedJSONField
from partnerportal.records.models.patient import Patient


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Every query of a page starts with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(patient__in=Patient.objects.visible_to(user).order_by())


class Notification(models.Model):
    """One message. `kind`, `channel` and `status` are words of theirs, stored as they came."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="notifications")
    remote_id = models.BigIntegerField(unique=True)
    invoice_remote_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    remote = EncryptedJSONField(default=dict)
    read_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = models.Manager.from_queryset(NotificationQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["patient", "-id"], name="notification_by_patient")]

    def __str__(self) -> str:
        return f"Notification IH {self.remote_id}"
