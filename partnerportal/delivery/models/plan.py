"""Plan: what a push was previewed as. Confirming sends exactly this selection. Imports the kernel only."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from partnerportal.kernel.ids import short_id

SENDABLE = ("create", "update")


class PlanItems(models.QuerySet["PlanItem"]):
    def sendable(self) -> Self:
        """All that goes: the chosen ones, and what goes with them."""
        return self.filter(act__in=SENDABLE)

    def to_queue(self) -> Self:
        """The chosen ones that are not queued yet; what goes with them is queued by them."""
        return self.sendable().filter(why="")


class Plan(models.Model):
    """A frozen selection of records, and all that goes with them. `counts`: {"create", "update",
    "unchanged", …} of the chosen ones; `noun`: theirs, the first of several.
    """

    staff = models.ForeignKey(  # null: a command made it
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="plans"
    )
    noun = models.CharField(max_length=20)
    enterprise_id = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)
    # {"statements": people whose billing it would start, "nouns": {noun: chosen ones that go}, "along":
    # {noun: others that go}, "held": those that wait for what can't be sent, "requests": {kind: how many}}
    facts = models.JSONField(default=dict)
    title = models.CharField(max_length=120, blank=True)
    origin_url = models.CharField(max_length=200, blank=True)  # the page it came from, without its query
    batch = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Plan {short_id('plan', self.pk)}"


class PlanItem(models.Model):
    """One record of a plan, with the version it had when it was previewed. `why`: "" for a chosen one, else
    first, within or follows.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    noun = models.CharField(max_length=20)
    why = models.CharField(max_length=8, blank=True)
    record_id = models.BigIntegerField()
    enterprise_id = models.BigIntegerField(null=True)
    version = models.IntegerField()
    act = models.CharField(max_length=12)  # create update unchanged not_valid busy queued cancelled
    digest = models.CharField(max_length=64, blank=True)  # keyed, of what would be sent

    objects = models.Manager.from_queryset(PlanItems)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "noun", "record_id"], name="plan_item_once")]
        indexes = [models.Index(fields=["plan", "act", "id"], name="plan_item_by_act")]

    def __str__(self) -> str:
        return f"{self.act} {self.record_id}"
