"""Who is who, as people decided it: two patients joined, or said to be two people. Imports patient."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from partnerportal.records.models.patient import Patient


class Joined(models.Model):
    """`surplus` is the same person as `survivor`: marked removed there, kept here, and leading to it."""

    surplus = models.OneToOneField(Patient, models.PROTECT, primary_key=True, related_name="joined")
    survivor = models.ForeignKey(Patient, models.PROTECT, related_name="absorbed")
    actor = models.CharField(max_length=190)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"P-{self.surplus_id} joined into P-{self.survivor_id}"


class NotSame(models.Model):
    """A person said that these two are two people; the lower id is `one`."""

    one = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    other = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    actor = models.CharField(max_length=190)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="not_same_once")]

    def __str__(self) -> str:
        return f"P-{self.one_id} is not P-{self.other_id}"
