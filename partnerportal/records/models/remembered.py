"""Columns said by hand once, kept for the next file of an enterprise. Imports kernel and enterprise."""

from __future__ import annotations

from django.db import models

from partnerportal.kernel.fields import EncryptedJSONField
from partnerportal.records.models.enterprise import Enterprise


class RememberedColumns(models.Model):
    """`columns`: {heading, folded: our name, or "" where a person left it out}. `actor`: who said so last.

    Encrypted: in a file without a header row the headings are somebody's name and birth date.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="remembered_columns")
    kind = models.CharField(max_length=20)  # a key of records.imports.catalogue.KINDS
    columns = EncryptedJSONField(default=dict)
    actor = models.CharField(max_length=190)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "kind"], name="remembered_columns_once")]

    def __str__(self) -> str:
        return f"Columns of {self.kind} of E-{self.enterprise_id}"
