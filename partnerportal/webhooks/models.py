"""Events as they came in, those that came late or not, calls that were refused, and keys that only verify.

Imports accounts and records. A body is encrypted; of a refused call there is nothing but a number.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from partnerportal.accounts.models import ApiKey
from partnerportal.kernel.fields import EncryptedJSONField, EncryptedTextField
from partnerportal.kernel.ids import record_name, short_id
from partnerportal.records.models import Endpoint


class EventQuerySet(models.QuerySet["Event"]):
    """Pages start with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """Those of the person's enterprises; what belongs to none that is known is for scope *all*."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.all_enterprises:
            return self.all()
        return self.filter(enterprise_id__in=user.scope.values("enterprise_id"))

    def light(self) -> Self:
        """Without what is encrypted: what lists need."""
        return self.defer("body", "changes")


class Event(models.Model):
    """One verified event, kept once however often and however spelled it was sent: `event_key` and `digest`.

    `noun` and `object_id` name the record there, `record_id` ours once it is known.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPLIED = "applied", "Applied"
        UNCHANGED = "unchanged", "Changed nothing"
        CONFLICT = "conflict", "Conflict"
        FAILED = "failed", "Failed"
        ONLY_THERE = "only_there", "Only there"
        UNKNOWN_TYPE = "unknown_type", "Type not known"
        ELSEWHERE = "elsewhere", "Other environment"

    # No constraint in the database: each insert would lock the one endpoint's row, beside all the others.
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="events", db_constraint=False)
    event_key = models.CharField(max_length=80, blank=True)  # the vendor's id of the event, as text
    digest = models.CharField(max_length=64, blank=True, db_default="")  # SHA-256 of the text that is signed
    event_type = models.CharField(max_length=100, blank=True)
    livemode = models.BooleanField(null=True)
    happened_at = models.DateTimeField(null=True)  # as the event says
    noun = models.CharField(max_length=30, blank=True)
    object_id = models.BigIntegerField(null=True)
    body = EncryptedTextField()
    signed_by = models.CharField(max_length=16)  # fingerprint of the key that verified it
    received_at = models.DateTimeField(db_default=Now())

    state = models.CharField(max_length=12, choices=State.choices, db_default=State.WAITING.value)
    reason = models.CharField(max_length=40, blank=True, db_default="")
    tries = models.IntegerField(db_default=0)
    next_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    needs_person_since = models.DateTimeField(null=True)
    record_id = models.BigIntegerField(null=True)
    enterprise_id = models.BigIntegerField(null=True)
    patient_id = models.BigIntegerField(null=True)
    changes = EncryptedJSONField(null=True)  # {attribute: {"was": …, "now": …}}

    objects = models.Manager.from_queryset(EventQuerySet)()

    class Meta:
        permissions = [("replay_event", "Can replay events")]
        constraints = [models.UniqueConstraint(fields=["endpoint", "event_key", "digest"], name="event_once")]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state="waiting"), name="event_due"),
            models.Index(fields=["noun", "object_id", "-id"], name="event_by_object"),
            models.Index(fields=["endpoint", "-received_at"], name="event_by_endpoint"),
            models.Index(fields=["state", "id"], name="event_by_state"),
            models.Index(fields=["event_type", "id"], name="event_by_type"),
            models.Index(fields=["enterprise_id", "id"], name="event_by_enterprise"),
            models.Index(
                fields=["id"], condition=Q(needs_person_since__isnull=False), name="event_needs_person"
            ),
        ]

    def __str__(self) -> str:
        return f"Event {self.short_id}"

    @property
    def short_id(self) -> str:
        return short_id("event", self.pk)

    @property
    def cause(self) -> str:
        """What the audit says of whatever it led to: "event:EV-12"."""
        return record_name("event", self.pk)


class LateEvent(models.Model):
    """The event of a push of ours that did not come in time: late once it came, missing while it has not.

    `attempt` and `delivery` are what pushed, from `sent_at` to `pushed_at`; the record is named as in Event.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="late_events")
    attempt = models.BigIntegerField()
    delivery = models.BigIntegerField()
    event_type = models.CharField(max_length=100)
    noun = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    object_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    pushed_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # when its record was queued to be read, once it was missing

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "attempt"], name="late_event_once")]
        indexes = [models.Index(fields=["endpoint", "-pushed_at"], name="late_event_by_endpoint")]
        ordering = ["-pushed_at"]

    def __str__(self) -> str:
        return f"{self.event_type} of attempt {self.attempt}"


class Refusal(models.Model):
    """How many calls of one hour were refused with 401, and how many of them since the last good one."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="refusals")
    hour = models.DateTimeField()
    number = models.IntegerField(default=0)
    in_a_row = models.IntegerField(default=0)
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "hour"], name="refusals_of_an_hour")]

    def __str__(self) -> str:
        return f"{self.number} refused"


class RetiredKey(models.Model):
    """A key that was replaced: it signs nothing of ours any more, but may still sign events for a while.

    It verifies until the endpoint is known to use another key (`ended_at`).
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="retired_keys")
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "key"], name="retired_key_once")]

    def __str__(self) -> str:
        return f"Key {self.key.fingerprint} verifies only"
