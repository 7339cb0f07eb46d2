"""The audit tables: what was about to be sent, what came back, who did what. Rows are only ever inserted.

Values, no foreign keys: an audit row outlives what it speaks of. Bodies and details are encrypted under a
data key per row; the wrapped key lies in DataKey, so that destroying a wrap removes the content
while every digest still verifies. Imports the kernel only.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from partnerportal.kernel.fields import EncryptedField


class DataKey(models.Model):
    """The wrapped key of one audit row's content. Not append-only: wraps are rotated, and destroyed."""

    wrapped = EncryptedField()

    class Meta:
        db_table = "audit_data_key"

    def __str__(self) -> str:
        return f"Data key {self.pk}"


class About(models.Model):
    """Who an audit row is about, and under whom it happened: shared by exchanges and entries."""

    actor = models.CharField(max_length=190, db_index=True)  # user:NAME · command:NAME · schedule
    record = models.CharField(max_length=60, blank=True, db_index=True)  # patient:P-48213
    enterprise = models.BigIntegerField(null=True)
    patient = models.BigIntegerField(null=True)
    correlation_id = models.CharField(max_length=64, db_index=True)
    data_key = models.BigIntegerField(null=True)
    content = models.BinaryField(null=True)
    content_digest = models.BinaryField(max_length=32, null=True)  # SHA-256 of `content` as stored

    class Meta:
        abstract = True


class Exchange(About):
    """The exact bytes about to be sent, committed before the socket is written (law 2).

    `content` holds {"url", "headers", "body"}; `url` is the address without its query.
    """

    started_at = models.DateTimeField(db_default=Now(), db_index=True)
    origin = models.CharField(max_length=12)  # console command schedule webhook resolve explorer
    lane = models.CharField(max_length=12)
    batch = models.BigIntegerField(null=True, db_index=True)
    cause = models.CharField(max_length=60, blank=True)  # noun:id of what asked
    delivery = models.BigIntegerField(null=True, db_index=True)
    attempt = models.IntegerField(null=True)  # its number within the delivery
    credential_fingerprint = models.CharField(max_length=16)
    environment = models.CharField(max_length=40)
    operation = models.CharField(max_length=60)
    method = models.CharField(max_length=8)
    url = models.CharField(max_length=500)
    body_digest = models.BinaryField(max_length=32)  # HMAC-SHA256 of the body under the row's data key

    class Meta:
        db_table = "audit_exchange"
        indexes = [
            models.Index(fields=["enterprise", "id"], name="exchange_by_enterprise"),
            models.Index(fields=["patient", "id"], name="exchange_by_patient"),
            models.Index(fields=["credential_fingerprint", "started_at"], name="exchange_by_key"),
            models.Index(fields=["operation", "id"], name="exchange_by_operation"),
            # Reads are most of the table, so their own list needs none.
            models.Index(fields=["id"], condition=~models.Q(method="GET"), name="exchange_changes"),
        ]

    def __str__(self) -> str:
        return f"Exchange X-{self.pk}"


class Answer(models.Model):
    """What came back for one exchange, or how it failed. `content` holds {"headers", "body"} or a digest."""

    exchange = models.BigIntegerField(unique=True)
    answered_at = models.DateTimeField(db_default=Now())
    seconds = models.FloatField()
    status = models.IntegerField(null=True, db_index=True)
    outcome = models.CharField(max_length=20, db_index=True)
    reason = models.CharField(max_length=40)
    data_key = models.BigIntegerField(null=True)
    content = models.BinaryField(null=True)
    content_digest = models.BinaryField(max_length=32, null=True)
    body_digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_answer"

    def __str__(self) -> str:
        return f"Answer of X-{self.exchange}"


class Entry(About):
    """What someone did or saw here. `content` holds the detail, a JSON object."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    action = models.CharField(max_length=60, db_index=True)

    class Meta:
        db_table = "audit_entry"
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["enterprise", "id"], name="entry_by_enterprise"),
            models.Index(fields=["patient", "id"], name="entry_by_patient"),
        ]

    def __str__(self) -> str:
        return f"Entry EN-{self.pk}"


APPEND_ONLY = (Exchange, Answer, Entry)


class Checkpoint(models.Model):
    """One row: this database's side of the checkpoint that lies outside of it (see audit.checkpoint).

    `incarnation`: the database for which this row was written; a restored one is another. `permit`: the
    running database that may send until `valid_until`.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    deployment = models.UUIDField()
    incarnation = models.CharField(max_length=120, blank=True)
    restores = models.IntegerField(default=0)
    restored_at = models.DateTimeField(null=True)  # of the newest restore; what is older may be there already
    resume_at = models.DateTimeField(null=True)  # until then a request of the lost hours may still arrive
    permit = models.CharField(max_length=120, blank=True)
    valid_until = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, blank=True)  # checkpoint.Problem
    problem_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_checkpoint"

    def __str__(self) -> str:
        return f"Checkpoint after {self.restores} restores"
