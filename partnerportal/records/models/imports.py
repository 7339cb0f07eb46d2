"""Import: one file brought in, what was found in it, what became of it. Imports kernel, jobs, the mirror.

The file lies here in encrypted pieces, not on a disk: every web process and worker reads it, and it goes
with its time (IMPORT_KEEP_DAYS). Rows are kept where someone must read them: not valid, changed, maybe; of
the others the first.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from partnerportal.jobs.models import Job
from partnerportal.kernel.fields import EncryptedField, EncryptedJSONField, EncryptedTextField
from partnerportal.kernel.ids import short_id
from partnerportal.records.models.enterprise import Enterprise


class ImportQuerySet(models.QuerySet["Import"]):
    """Pages start with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """Imports into the person's enterprises; of files without one, only their own."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.all_enterprises:
            return self.all()
        own = models.Q(enterprise=None, job__staff_id=user.pk)
        return self.filter(own | models.Q(enterprise__in=user.scope.values("enterprise_id")))


class Import(models.Model):
    """`facts`: counts and words, free of PHI. `layout`: the file's headings and the mapping of columns."""

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        REFUSED = "refused", "Can't be read"
        CHECKED = "checked", "Ready to import"
        IMPORTING = "importing", "Importing"
        DONE = "done", "Imported"
        CANCELLED = "cancelled", "Cancelled"
        UNDONE = "undone", "Undone"

    OPEN = ("checking", "importing")

    job = models.OneToOneField(Job, models.PROTECT, primary_key=True, related_name="file_import")
    kind = models.CharField(max_length=20)  # a key of records.imports.catalogue.KINDS
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="imports")
    state = models.CharField(max_length=12, choices=State.choices, default=State.CHECKING)
    filename = EncryptedTextField(default="")
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    refusal = EncryptedTextField(default="")
    layout = EncryptedJSONField(default=dict)
    facts = models.JSONField(default=dict)
    position = models.IntegerField(default=0)  # the last line that is in, committed with its chunk
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    file_gone_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ImportQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["state", "job"], name="import_by_state")]

    def __str__(self) -> str:
        return f"Import {self.short_id}"

    @property
    def short_id(self) -> str:
        return short_id("job", self.pk)

    @property
    def record_name(self) -> str:
        """How the audit names it, also as the cause of what follows: "import:J-12"."""
        return f"import:{self.short_id}"


class ImportPiece(models.Model):
    """One encrypted piece of an import's file."""

    file_import = models.ForeignKey(Import, models.CASCADE, related_name="pieces")
    number = models.IntegerField()
    content = EncryptedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_import", "number"], name="import_piece_once")]

    def __str__(self) -> str:
        return f"Piece {self.number} of {short_id('job', self.file_import_id)}"


class ImportRow(models.Model):
    """One row that someone must read. `content`: cells, shown, problems, changes, as its word needs."""

    class Word(models.TextChoices):
        NOT_VALID = "not_valid", "Not valid"
        MAYBE = "maybe", "Maybe already here"
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"

    class Decision(models.TextChoices):
        SAME = "same", "Same"
        OTHER = "other", "Someone else"

    file_import = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.IntegerField()
    word = models.CharField(max_length=10, choices=Word.choices)
    record_id = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    content = EncryptedJSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_import", "line"], name="import_row_once")]
        indexes = [models.Index(fields=["file_import", "word", "line"], name="import_row_by_word")]

    def __str__(self) -> str:
        return f"Line {self.line} of {short_id('job', self.file_import_id)}"


class ImportedRecord(models.Model):
    """One record that an import made or changed: what is pushed after it, and what an undo takes back."""

    file_import = models.ForeignKey(Import, models.CASCADE, related_name="records")
    noun = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    created = models.BooleanField()
    version = models.IntegerField()
    was = EncryptedJSONField(null=True)  # {attribute: value before}; null for a created one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file_import", "noun", "record_id"], name="imported_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.record_id} of {short_id('job', self.file_import_id)}"
