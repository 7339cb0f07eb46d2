"""Pull: one pass over what is at Inbox Health; PullPart: one list of it, and how far it is read.

A part outlives its pulls: it carries where the slow round over all old records stands. Imports accounts,
jobs and records.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from partnerportal.accounts.models import ApiKey
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Payment


class Pull(models.Model):
    """The job's particulars. `full`: everything in one go; else the newest and a slice of the rest.

    `take_in`: what is only there is brought in or linked (adopting the enterprise).
    """

    job = models.OneToOneField(Job, models.PROTECT, primary_key=True, related_name="pull")
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="+")
    full = models.BooleanField(default=False)
    take_in = models.BooleanField(default=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="pulls")

    def __str__(self) -> str:
        return f"Pull {self.job.short_id}"


class PullPart(models.Model):
    """One list there: of a noun, below one enterprise (none: of the whole key), or below one record.

    `page` and `edge` (the last id read) are the cursor of `stage`; `unread`: pages that failed.
    """

    class Stage(models.TextChoices):
        NEWEST = "newest", "What was changed last"
        FRESH = "fresh", "New ones"
        ALL = "all", "All, page by page"
        ASK = "ask", "By id, what no page showed"
        BELOW = "below", "Invoice by invoice"

    class State(models.TextChoices):
        IDLE = "idle", "Not being read"
        WAITING = "waiting", "Waiting or being read"
        DONE = "done", "Read"
        NOT_READ = "not_read", "Not read"

    noun = models.CharField(max_length=20)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, related_name="+")
    pull = models.ForeignKey(Pull, models.SET_NULL, null=True, related_name="parts")
    state = models.CharField(max_length=12, choices=State.choices, default=State.IDLE)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.ALL)
    place = models.IntegerField(default=0)  # parents' lists are read before their children's

    page = models.IntegerField(default=1)
    edge = models.BigIntegerField(default=0)
    pages = models.IntegerField(null=True)  # as the last page said
    left = models.IntegerField(null=True)  # pages left in this slice; null: all of them
    resume_page = models.IntegerField(default=1)  # where the next slice goes on
    resume_edge = models.BigIntegerField(default=0)
    unread = models.JSONField(default=list)  # [{"page": 37, "reason": "http_500"}]
    reason = models.CharField(max_length=40, blank=True)

    # Up to where the short cuts have read, on the clock and in the ids there; `top`: where one began.
    newest = models.DateTimeField(null=True)
    highest = models.BigIntegerField(default=0)
    top = models.DateTimeField(null=True)
    round_began_at = models.DateTimeField(null=True)
    round_ended_at = models.DateTimeField(null=True)  # when all of it had last been read

    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # of the present pull: read, changed, conflicts, …

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "enterprise"], nulls_distinct=False, name="pull_part_once"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="pull_part_due"),
            models.Index(fields=["pull", "state"], name="pull_part_by_pull"),
        ]

    def __str__(self) -> str:
        return f"{self.noun}s of {self.enterprise_id or 'the key'}"

    def count(self, **more: int) -> None:
        """Add to the counts; saved by whoever saves the part."""
        counts: dict[str, Any] = dict(self.counts)
        for name, number in more.items():
            counts[name] = counts.get(name, 0) + number
        self.counts = counts


class Posting(models.Model):
    """Payments received there, handed out once for posting in the practice's own system."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    actor = models.CharField(max_length=190)
    at = models.DateTimeField(db_default=Now())
    number = models.IntegerField()
    total_cents = models.BigIntegerField()

    def __str__(self) -> str:
        return f"Posting {self.pk}"


class ReceivedPayment(models.Model):
    """A payment made at Inbox Health. `posting`: the one file it went out in; null until then."""

    payment = models.OneToOneField(Payment, models.CASCADE, primary_key=True, related_name="received")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    day = models.DateField()
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="payments")

    class Meta:
        indexes = [
            models.Index(fields=["enterprise", "-day"], name="received_by_day"),
            models.Index(fields=["day"], condition=Q(posting=None), name="received_to_post"),
        ]

    def __str__(self) -> str:
        return f"Received {self.payment_id}"
