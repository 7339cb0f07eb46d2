"""Columns and names said by hand once, kept for an enterprise's next file. Imports kernel, enterprise."""

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


class RememberedNames(models.Model):
    """`names`: {name in the files, folded: what it means here}: a primary key, a method, "" for nobody.

    Encrypted: a column mapped by mistake may hold anybody's name. `actor`: who said so last.
    """

    class Noun(models.TextChoices):
        DOCTOR = "doctor", "Doctor"
        PRACTICE = "practice", "Practice"
        METHOD = "method", "How it was paid"

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="remembered_names")
    noun = models.CharField(max_length=20, choices=Noun.choices)
    names = EncryptedJSONField(default=dict)
    actor = models.CharField(max_length=190)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "noun"], name="remembered_names_once")]

    def __str__(self) -> str:
        return f"Names of {self.noun} of E-{self.enterprise_id}"
