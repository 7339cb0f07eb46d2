"""Aside: a person has put something aside that needs one, with a reason. Imports the delivery."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from partnerportal.delivery.models.delivery import Delivery


class Aside(models.Model):
    """In force while neither the record nor what asks for a person has changed since (delivery/asides.py)."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="aside")
    record_version = models.IntegerField()
    reason = models.CharField(max_length=200)
    actor = models.CharField(max_length=190)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.delivery.short_id} set aside"
