"""Staff, their API keys, and the environment this deployment is tied to. Imports kernel and settings."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from partnerportal.kernel.fields import EncryptedTextField
from partnerportal.kernel.ids import short_id


class Staff(AbstractUser):
    """A person who signs in. Roles are groups; nobody is a superuser. `all_enterprises`: scope *all*."""

    time_zone = models.CharField(max_length=64, blank=True)
    all_enterprises = models.BooleanField("All enterprises", default=False)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)  # until the password is set
    checklist_hidden_at = models.DateTimeField(null=True, blank=True, editable=False)  # put away by them

    class Meta(AbstractUser.Meta):
        verbose_name_plural = "staff"
        permissions = [
            ("view_api_key", "Can view their own API key"),
            ("change_api_key", "Can connect, test, replace and revoke their own API key"),
            ("name_service_key", "Can name the service key"),
            ("manage_staff", "Can invite staff and change roles"),
            ("reveal_phi", "Can reveal masked values"),
            ("export_full", "Can export the audit log unmasked"),
            ("stop_sending", "Can stop and resume sending"),
            ("confirm_in_production", "Can confirm large pushes in production"),
            ("try_it_writes", "Can write through Try It"),
            ("erase", "Can erase content"),
        ]

    def __str__(self) -> str:
        return self.username


class ApiKey(models.Model):
    """An API key of Inbox Health: encrypted, shown only to its owner, elsewhere by fingerprint."""

    class State(models.TextChoices):
        NOT_TESTED = "not_tested", "Not tested"
        WORKING = "working", "Working"
        REFUSED = "refused", "Refused"
        REVOKED = "revoked", "Revoked"

    class Scheme(models.TextChoices):
        BASIC = "basic", "Basic"
        X_API_KEY = "x-api-key", "x-api-key"

    owner = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="api_keys")
    key = EncryptedTextField()
    fingerprint = models.CharField(max_length=16, db_index=True)
    scheme = models.CharField(max_length=12, choices=Scheme.choices, default=Scheme.BASIC)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_TESTED)
    is_service = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    tested_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # On which key a person let what waited on this one go out: also what was being queued in that moment.
    moves_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="takes_over")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_service"], condition=Q(is_service=True), name="one_service_key"
            ),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(revoked_at=None, owner__isnull=False), name="one_key_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"Key {self.fingerprint}"

    @property
    def short_id(self) -> str:
        return short_id("key", self.pk)


class TriesQuerySet(models.QuerySet["Tries"]):
    def of(self, staff: Staff) -> Self:
        """What is counted for a person, and at the addresses where they were tried."""
        own = Tries.objects.filter(staff=staff)
        return self.filter(Q(staff=staff) | Q(key__in=own.values("address")))


class Tries(models.Model):
    """Tries of passwords under one key (tries.py). `number`: since the last lock; `locks`: running."""

    key = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=64)  # the key of the address that was tried from last
    staff = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="tries")
    number = models.PositiveIntegerField(default=0)
    locks = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    objects: ClassVar[Any] = models.Manager.from_queryset(TriesQuerySet)()

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.number} tries"


class EnvironmentStamp(models.Model):
    """The environment that the first push tied this deployment to: one row, never changed."""

    name = models.CharField(max_length=12)  # sandbox demo production
    instance = models.CharField(max_length=64, blank=True)  # the sandbox's instance id
    stamped_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_environment_stamp")]

    def __str__(self) -> str:
        return f"{self.name} {self.instance}".strip()
