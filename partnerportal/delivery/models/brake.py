"""Brake: sending is stopped for everything, one key or one enterprise; and workers' heartbeats."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Brake(models.Model):
    """Stops sending while `released_at` is null. Deliveries wait; nothing is lost."""

    class Scope(models.TextChoices):
        ALL = "all", "Everything"
        KEY = "key", "One key"
        ENTERPRISE = "enterprise", "One enterprise"

    scope = models.CharField(max_length=12, choices=Scope.choices)
    target_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)
    automatic = models.BooleanField(default=False)
    cause = models.CharField(
        max_length=20, blank=True
    )  # "storm": it is probed, and releases itself; "other_environment"
    probed_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=190)
    created_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=190, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "target_id"],
                condition=Q(released_at=None),
                nulls_distinct=False,
                name="one_open_brake",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.reason}"


class Heartbeat(models.Model):
    """When a worker, or the schedule, last said that it lives."""

    name = models.CharField(max_length=120, primary_key=True)  # "bulk@host:pid", "sweep"
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
