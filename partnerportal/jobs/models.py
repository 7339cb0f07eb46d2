"""Job: long work with a page and progress. A batch (B-) is the job of kind push. Imports the kernel only."""

from __future__ import annotations

from django.db import models

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
    def short_id(self) -> str:
        return short_id("batch" if self.kind == self.Kind.PUSH else "job", self.pk)
