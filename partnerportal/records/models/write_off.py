"""WriteOff: an amount that a patient need not pay. Whole cents."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.records.models.billed import DIFFERS, Billed
from partnerportal.records.models.codes import WriteOffCode
from partnerportal.records.models.patient import Patient
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.payment import WRITE_OFF


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=("patient", "write_off_code", "date", "amount_cents", "remote_id"),
    model_name="WriteOffEvent",
)
class WriteOff(Billed):
    """The API documents no change and no delete of one."""

    wire: ClassVar[Wire] = WRITE_OFF
    parent_fields = ("patient", "write_off_code")
    account_path = "patient_id"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="write_offs")
    write_off_code = models.ForeignKey(WriteOffCode, models.PROTECT, related_name="+")
    date = models.DateField("Date")
    amount_cents = models.BigIntegerField("Amount")

    class Meta:
        verbose_name = "write-off"
        indexes = [
            models.Index(fields=["patient", "id"], name="write_off_by_patient"),
            models.Index(fields=["sync_state", "id"], condition=DIFFERS, name="write_off_differs"),
        ]

    @property
    def account_pk(self) -> int:
        return int(self.patient_id)

    @property
    def patient_remote_id(self) -> int | None:
        return self.parent_remote_id("patient")

    @property
    def write_off_code_remote_id(self) -> int | None:
        return self.parent_remote_id("write_off_code")
