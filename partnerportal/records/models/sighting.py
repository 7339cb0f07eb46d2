"""Sighting: a record seen at Inbox Health in a list that was read to match or to look something up.

It gives the highest id seen of a noun (the floor below which no create of ours can lie), and what
patients an adopted enterprise already has. The record itself is encrypted.
"""

from __future__ import annotations

from django.db import models

from partnerportal.kernel.fields import EncryptedJSONField


class Sighting(models.Model):
    """One record seen there. `name_key` is a keyed fingerprint of name and date of birth."""

    noun = models.CharField(max_length=20)
    remote_id = models.BigIntegerField()
    enterprise_id = models.BigIntegerField(null=True)
    chart_number = models.CharField(max_length=120, blank=True)
    reference = models.UUIDField(null=True)  # of a row of ours, here or lost with a restore
    name_key = models.CharField(max_length=64, blank=True)
    record = EncryptedJSONField(null=True)
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "remote_id"], name="sighting_once")]
        indexes = [
            models.Index(fields=["noun", "enterprise_id", "chart_number"], name="sighting_by_chart"),
            models.Index(fields=["noun", "enterprise_id", "name_key"], name="sighting_by_name"),
            models.Index(
                fields=["reference"],
                condition=models.Q(reference__isnull=False),
                name="sighting_by_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.noun} IH {self.remote_id}"


class Floor(models.Model):
    """The highest id of a noun ever seen in any answer.

    `restored`: the highest at the first restore of this database: what the lost hours made lies above it.
    `read_at`: when the noun's whole list was last read to match.
    """

    noun = models.CharField(max_length=20, primary_key=True)
    highest = models.BigIntegerField(default=0)
    restored = models.BigIntegerField(null=True)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.noun} up to IH {self.highest}"
