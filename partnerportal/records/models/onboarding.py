"""What people say about an enterprise's onboarding; all else is reckoned from its records. Imports kernel."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from partnerportal.kernel.fields import EncryptedTextField
from partnerportal.records.models.enterprise import Enterprise


class Onboarding(models.Model):
    """Who is on it, and who looked at the first patients there."""

    enterprise = models.OneToOneField(Enterprise, models.CASCADE, primary_key=True, related_name="onboarding")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    checked_by = models.CharField(max_length=190, blank=True)
    checked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Onboarding of E-{self.enterprise_id}"


class OnboardingNote(models.Model):
    """One note; notes are added, never changed, so that two people can't overwrite each other's."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="onboarding_notes")
    actor = models.CharField(max_length=190)
    text = EncryptedTextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["enterprise", "-id"], name="note_by_enterprise")]

    def __str__(self) -> str:
        return f"Note on E-{self.enterprise_id}"
