"""Job: long work with a page and progress; Notice: what one person is told. Imports the kernel only.

A batch (B-) is the job of kind push.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from partnerportal.kernel.ids import short_id


class Job(models.Model):
    """One piece of long work. Counts are kept by whoever does the work; `report` is free of PHI."""

    class Kind(models.TextChoices):
        PUSH = "push", "Push"
        IMPORT = "import", "Import"
        EXPORT = "export", "Export"
        PULL = "pull", "Pull"
        REFRESH = "refresh", "Refresh"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    label = models.CharField(max_length=120)  # "Push 299 patients", no PHI
    enterprise_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=190)
    staff_id = models.BigIntegerField(null=True, db_index=True)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    correlation_id = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField(auto_now_add=True, db_index=True)
    heartbeat_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="job_by_kind")]

    def __str__(self) -> str:
        return f"{'Batch' if self.kind == self.Kind.PUSH else 'Job'} {self.short_id}"

    @property
    def noun(self) -> str:
        """A job that pushes is a batch."""
        return "batch" if self.kind == self.Kind.PUSH else "job"

    @property
    def short_id(self) -> str:
        return short_id(self.noun, self.pk)


class Notice(models.Model):
    """Something that happened without one person's click, told once: in the console, and by e-mail.

    `sentence` and `path` are free of PHI. A mail is due while `mail_next_at` is set; it also is the lease of
    whoever sends it, so that a dead mailer's notices go out after all.
    """

    staff_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)  # batch_ended batch_paused key_refused sending_stopped …
    about = models.CharField(max_length=120)  # "batch-ended:B-12": a person is told once
    sentence = models.CharField(max_length=300)
    path = models.CharField(max_length=200, blank=True)
    bad = models.BooleanField(default=False)  # asks for something to be done
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)
    mail_next_at = models.DateTimeField(null=True)
    mail_tries = models.IntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff_id", "about"], name="notice_once")]
        indexes = [
            models.Index(fields=["staff_id", "-id"], name="notice_by_staff"),
            models.Index(fields=["mail_next_at"], condition=Q(mail_next_at__isnull=False), name="notice_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for S-{self.staff_id}"
