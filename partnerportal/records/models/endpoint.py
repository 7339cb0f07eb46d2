"""Endpoint: an address of ours that Inbox Health tells about changes. It belongs to no enterprise."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models

from partnerportal.records.models.mirror import Mirror, MirrorQuerySet
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.endpoint import ENDPOINT


def new_token() -> str:
    """The part of the URL that nobody guesses: 43 characters."""
    return secrets.token_urlsafe(32)


class EndpointQuerySet(MirrorQuerySet):
    """Every active person sees all: an endpoint is the whole partner's."""

    def visible_to(self, user: Any) -> Self:
        return self.all() if getattr(user, "is_active", False) else self.none()


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=("registered_webhooks", "paused", "removed", "remote_id"),
    model_name="EndpointEvent",
)
class Endpoint(Mirror):
    """`url` is what is, or is to be, registered there; `registered_webhooks` the event types wanted.

    While it is `paused`, events are taken and kept but not applied.
    """

    class Check(models.TextChoices):
        NEVER = "", "Not checked yet"
        SAME = "same", "Registered there as it is here"
        REPAIRED = "repaired", "It differed and was sent again"
        MISSING = "missing", "Not registered there"
        CANNOT = "cannot", "Inbox Health does not list endpoints"
        UNANSWERED = "unanswered", "Inbox Health did not answer"

    wire: ClassVar[Wire] = ENDPOINT

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    url = models.CharField("URL", max_length=500, blank=True)
    registered_webhooks = models.JSONField("Events", default=list, blank=True)
    paused = models.BooleanField("Paused", default=False)
    removed = models.BooleanField("Unregistered", default=False, editable=False)
    check_result = models.CharField(
        max_length=12, choices=Check.choices, default="", blank=True, editable=False
    )
    checked_at = models.DateTimeField(null=True, editable=False)
    suspect_since = models.DateTimeField(null=True, editable=False)
    suspect_reason = models.CharField(max_length=40, blank=True, editable=False)
    # Pushes up to then were looked at, whether their events came.
    judged_until = models.DateTimeField(null=True, editable=False)

    objects = models.Manager.from_queryset(EndpointQuerySet)()  # type: ignore[misc]

    @property
    def enterprise_pk(self) -> int | None:  # type: ignore[override]
        return None

    @property
    def is_removed(self) -> bool:
        return self.removed

    @property
    def accepted_for(self) -> Any:
        """What is registered there: sent again as it is, or found so, it is told of what it was before."""
        there = self.remote or {}
        return self.remote_id, there.get("url"), sorted(there.get("registered_webhooks") or [])

    def address(self) -> str:
        """Where it is reached: from PUBLIC_URL, whatever host a request names."""
        return f"{settings.PUBLIC_URL}/webhooks/{self.token}/"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.url:
            self.url = self.address()
        super().save(*args, **kwargs)
