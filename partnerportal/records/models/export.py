"""Export: one list taken out as a file, encrypted in pieces, gone with its time. Imports kernel, jobs.

The file lies in the database, not on a disk: every worker writes it, every web process hands it out.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from partnerportal.jobs.models import Job
from partnerportal.kernel.fields import EncryptedField, EncryptedJSONField
from partnerportal.kernel.ids import short_id


class ExportQuerySet(models.QuerySet["Export"]):
    """Pages start with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """A person's own: what others may see differs."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(job__staff_id=user.pk)


class Export(models.Model):
    """`asked`: the list's filters, and ticked ids (names may stand in a search). `enterprises`: in it."""

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"

    class Shape(models.TextChoices):
        ROWS = "rows", "All columns"
        IDS = "ids", "Ids only"

    job = models.OneToOneField(Job, models.PROTECT, primary_key=True, related_name="export")
    noun = models.CharField(max_length=20)
    shape = models.CharField(max_length=8, choices=Shape.choices, default=Shape.ROWS)
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.CSV)
    masked = models.BooleanField(default=True)
    asked = EncryptedJSONField(default=dict)
    enterprises = models.JSONField(default=list)
    size = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    written_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ExportQuerySet)()

    def __str__(self) -> str:
        return f"Export {self.short_id}"

    @property
    def short_id(self) -> str:
        return short_id("job", self.pk)

    @property
    def record_name(self) -> str:
        """How the audit names it: "export:J-12"."""
        return f"export:{self.short_id}"

    @property
    def filename(self) -> str:
        """Free of PHI: "patients-J-131.csv"."""
        many = self.job.label.removeprefix("Export ").replace(" ", "-")
        return f"{many}-{self.short_id}.{self.form}"


class ExportPiece(models.Model):
    """One encrypted piece of an export's file."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="pieces")
    number = models.IntegerField()
    content = EncryptedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_piece_once")]

    def __str__(self) -> str:
        return f"Piece {self.number} of {short_id('job', self.export_id)}"
