"""Delivery: one change that is to reach Inbox Health, committed together with what asked for it (law 1)."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.db.models.functions import Now

from partnerportal.accounts.models import ApiKey
from partnerportal.jobs.models import Job
from partnerportal.kernel.fields import EncryptedJSONField
from partnerportal.kernel.ids import record_name, short_id
from partnerportal.records.models import Enterprise


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Pages start with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        if not getattr(user, "is_active", False):
            return self.none()
        if user.all_enterprises:
            return self.all()
        return self.filter(enterprise_id__in=user.scope.values("enterprise_id"))

    def with_replacement(self) -> Any:
        """`replaced_by`: of a failed one the id of the next of the same record and kind, where that took its
        place and nobody is asked any more; else None.
        """
        later = Delivery.objects.filter(
            noun=OuterRef("noun"),
            record_id=OuterRef("record_id"),
            kind=OuterRef("kind"),
            pk__gt=OuterRef("pk"),
        )
        given_up = When(
            state="failed", needs_person_since=None, then=Subquery(later.order_by("pk").values("pk")[:1])
        )
        return self.annotate(replaced_by=Case(given_up))

    def failed_still(self) -> Self:
        """Failed ones that nothing took the place of: what can be sent again."""
        still: Self = self.with_replacement().filter(state="failed", replaced_by=None)
        return still

    def supersede(self) -> None:
        """Another takes their place. They stay failed, which is what happened, and ask nobody any more."""
        self.filter(state="failed", needs_person_since__isnull=False).update(needs_person_since=None)


class Delivery(models.Model):
    """`push` makes the twin what the record is when it is sent: a create or an update of what is dirty."""

    class Kind(models.TextChoices):
        PUSH = "push", "Push"
        REMOVE = "remove", "Delete there"
        READ_PRACTICES = "read_practices", "Read the practices back"
        MATCH = "match", "Read what is there first"
        LINK = "link", "Link to an existing record"
        READ_LINES = "read_lines", "Read the lines back"
        COMPARE = "compare", "Compare the balance"
        REFRESH = "refresh", "Read it there"
        NOTIFICATIONS = "notifications", "Read what was sent to a patient"

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        WAITING = "waiting", "Waiting"
        BLOCKED = "blocked", "Blocked"
        IN_FLIGHT = "in_flight", "In flight"
        UNKNOWN = "unknown", "Unknown"
        FAILED = "failed", "Failed"
        DELIVERED = "delivered", "Delivered"
        CANCELLED = "cancelled", "Cancelled"

    UNSENT = ("pending", "waiting", "blocked")
    DUE = ("pending", "waiting")
    SENT = ("in_flight", "unknown")
    OPEN = UNSENT + SENT
    SETTLED = ("delivered", "failed", "cancelled")
    QUIET = ("refresh", "compare", "notifications")  # kinds that say nothing about their record's own state

    noun = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="deliveries")
    account_pk = models.BigIntegerField(null=True)  # the patient whose money it changes
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.PUSH)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    lane = models.CharField(max_length=12)
    turn = models.BigIntegerField(default=0)  # place in the lane: enterprises take turns
    next_at = models.DateTimeField(db_default=Now())  # not before; for unknown ones the next look-up
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="deliveries")
    actor = models.CharField(max_length=190)
    origin = models.CharField(max_length=12)
    cause = models.CharField(max_length=60, blank=True)
    batch = models.ForeignKey(Job, models.PROTECT, null=True, related_name="deliveries")
    correlation_id = models.CharField(max_length=64)

    attempts = models.IntegerField(default=0)
    lookups = models.IntegerField(default=0)  # look-ups since the last send
    floor = models.BigIntegerField(null=True)  # highest id of the noun seen before the first send
    sameness = models.CharField(max_length=64, blank=True)  # equal creates are never in flight together
    sent_at = models.DateTimeField(null=True)  # the last Exchange's time
    confirm_at = models.DateTimeField(null=True)  # after a re-send: when to look once more
    reason = models.CharField(max_length=40, blank=True)  # a stable word; pages turn it into a sentence
    detail = EncryptedJSONField(null=True)  # {"errors": {attribute: [message]}}: messages can quote PHI
    cause_key = models.CharField(max_length=80, blank=True)  # groups failures: "validation:zip"
    blocked_by = models.CharField(max_length=60, blank=True, db_index=True)  # "enterprise:E-12"
    needs_person_since = models.DateTimeField(null=True)
    target = models.BigIntegerField(null=True)  # of a link: the Inbox Health id to tie to
    as_new = models.BooleanField(default=False)  # a person said: send although it looks like one there
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(DeliveryQuerySet)()

    class Meta:
        verbose_name_plural = "deliveries"
        permissions = [
            ("push", "Can push records to Inbox Health"),
            ("decide", "Can decide undecided creates"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "record_id", "kind"],
                condition=Q(state__in=["pending", "waiting", "blocked"]),
                name="one_unsent_delivery",
            ),
            models.UniqueConstraint(
                fields=["noun", "record_id"],
                condition=Q(state__in=["in_flight", "unknown"]),
                name="one_sent_delivery",
            ),
            models.UniqueConstraint(
                fields=["sameness"],
                condition=Q(state__in=["in_flight", "unknown"]) & ~Q(sameness=""),
                name="no_equal_creates_in_flight",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "turn", "id"],
                condition=Q(state__in=["pending", "waiting"]),
                name="delivery_queue",
            ),
            models.Index(
                fields=["lane", "enterprise", "-turn"],
                condition=Q(state__in=["pending", "waiting", "blocked"]),
                name="delivery_turns",
            ),
            models.Index(fields=["next_at"], condition=Q(state="unknown"), name="delivery_lookups"),
            models.Index(
                fields=["confirm_at"], condition=Q(confirm_at__isnull=False), name="delivery_confirm"
            ),
            # Not by lease_until: so a claim changes no indexed column, and stays on its page.
            models.Index(fields=["id"], condition=Q(state="in_flight"), name="delivery_in_flight"),
            models.Index(fields=["batch", "state"], name="delivery_by_batch"),
            models.Index(
                fields=["cause_key", "id"],
                condition=Q(needs_person_since__isnull=False),
                name="delivery_needs",
            ),
            models.Index(
                fields=["key", "state"],
                condition=~Q(state__in=["delivered", "cancelled", "failed"]),
                name="delivery_by_key",
            ),
            models.Index(fields=["noun", "record_id", "-id"], name="delivery_by_record"),
            models.Index(
                fields=["account_pk", "id"],
                # Named one by one: PostgreSQL does not see that "open" is "not ended".
                condition=Q(account_pk__isnull=False)
                & Q(state__in=["pending", "waiting", "blocked", "in_flight", "unknown"]),
                name="delivery_by_account",
            ),
            # An accepted create by what it made: a second record there is told by it.
            models.Index(
                fields=["sameness"], condition=Q(state="delivered") & ~Q(sameness=""), name="delivery_made"
            ),
            models.Index(fields=["state", "id"], name="delivery_by_state"),
            models.Index(fields=["enterprise", "state", "id"], name="delivery_by_enterprise"),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.short_id}"

    @property
    def short_id(self) -> str:
        return short_id("delivery", self.pk)

    @property
    def record_name(self) -> str:
        return record_name(self.noun, self.record_id)

    @property
    def person_pk(self) -> int | None:
        """The patient it is about, also for a payment; None where it is about none."""
        return self.record_id if self.noun == "patient" else self.account_pk


class Attempt(models.Model):
    """One send of a delivery. Its Exchange carries the same delivery and number.

    Of reason RESTORED: one that the hours lost by a restore may have made; no Exchange is known.
    """

    RESTORED = "restored"

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempt_rows")
    number = models.IntegerField()
    operation = models.CharField(max_length=60)  # "patients.create"
    payload = EncryptedJSONField()  # {attribute: value} as sent
    record_version = models.IntegerField(default=1)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    exchange = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number")]

    def __str__(self) -> str:
        return f"Attempt {self.number} of {short_id('delivery', self.delivery_id)}"


class Lookup(models.Model):
    """One look at Inbox Health for what became of a create. The evidence, kept whole."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lookup_rows")
    number = models.IntegerField()
    at = models.DateTimeField(db_default=Now())
    verdict = models.CharField(max_length=12)  # none one several similar unproven unanswered
    reason = models.CharField(max_length=60, blank=True)
    exchanges = models.JSONField(default=list)
    candidates = EncryptedJSONField(default=list)  # [{"record": {…}, "differs": [attribute], "ours": bool}]

    class Meta:
        indexes = [models.Index(fields=["delivery", "number"], name="lookup_by_delivery")]

    def __str__(self) -> str:
        return f"Look-up {self.number} of {short_id('delivery', self.delivery_id)}"
