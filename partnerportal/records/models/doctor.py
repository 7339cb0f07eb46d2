"""Doctor: a clinician of an enterprise."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.kernel.folding import begins_index, contains_index
from partnerportal.records.models.enterprise import Enterprise
from partnerportal.records.models.mirror import Mirror
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.doctor import DOCTOR

_TRACKED = (
    "enterprise", "source_id", "first_name", "middle_name", "last_name", "suffix", "certification",
    "specialty", "npi", "provider_code", "phone", "email", "remote_id",
)  # fmt: skip


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=_TRACKED,
    model_name="DoctorEvent",
)
class Doctor(Mirror):
    """Matched in files by source id, then NPI, then provider code."""

    wire: ClassVar[Wire] = DOCTOR

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="doctors")
    source_id = models.CharField("Id in your files", max_length=120, blank=True)
    first_name = models.CharField("First name", max_length=255, blank=True)
    middle_name = models.CharField("Middle name", max_length=255, blank=True)
    last_name = models.CharField("Last name", max_length=255, blank=True)
    suffix = models.CharField("Suffix", max_length=60, blank=True)
    certification = models.CharField("Certification", max_length=120, blank=True)
    specialty = models.CharField("Specialty", max_length=255, blank=True)
    npi = models.CharField("NPI", max_length=20, blank=True)
    provider_code = models.CharField("Provider code", max_length=60, blank=True)
    phone = models.CharField("Phone", max_length=40, blank=True)
    email = models.CharField("E-mail", max_length=255, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["last_name", "first_name", "id"], name="doctor_by_name"),
            models.Index(fields=["sync_state", "id"], name="doctor_by_state"),
            contains_index("last_name", "doctor_last_folded"),
            contains_index("first_name", "doctor_first_folded"),
            begins_index("npi", "doctor_npi_begins"),
            begins_index("provider_code", "doctor_code_begins"),
            begins_index("source_id", "doctor_source_begins"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "source_id"], condition=~models.Q(source_id=""), name="doctor_source_id"
            )
        ]
