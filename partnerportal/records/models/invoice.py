"""Invoice: what was done for a patient on one day, line by line. Amounts are whole cents."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.kernel.folding import begins_index
from partnerportal.records.models.billed import Billed
from partnerportal.records.models.doctor import Doctor
from partnerportal.records.models.patient import Patient
from partnerportal.records.models.practice import Practice
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.invoice import INVOICE


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=(
        "patient", "practice", "doctor", "date_of_service", "notes", "estimate", "claim_number",
        "email_to", "deleted", "remote_id",
    ),
    model_name="InvoiceEvent",
)  # fmt: skip
class Invoice(Billed):
    """`email_to` is set only when a person ticked it: Inbox Health then mails the invoice there, once."""

    wire: ClassVar[Wire] = INVOICE
    parent_fields = ("patient", "practice", "doctor")
    account_path = "patient_id"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="invoices")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="invoices")
    doctor = models.ForeignKey(Doctor, models.PROTECT, null=True, blank=True, related_name="invoices")
    date_of_service = models.DateField("Date of service")
    notes = models.CharField("Notes", max_length=2000, blank=True)
    estimate = models.BooleanField("Estimate, not owed", default=False)
    claim_number = models.CharField("Claim no.", max_length=120, blank=True)
    email_to = models.CharField("E-mail the invoice to", max_length=255, blank=True)
    deleted = models.BooleanField(default=False, editable=False)
    balance_cents = models.BigIntegerField("Balance", default=0, editable=False)  # both are ours, reckoned
    insurance_cents = models.BigIntegerField("Insurance owes", default=0, editable=False)
    due = models.CharField(max_length=8, default="settled", editable=False)  # Bill.due
    lines_read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "-date_of_service", "id"], name="invoice_by_patient"),
            models.Index(fields=["date_of_service", "id"], name="invoice_by_date"),
            models.Index(fields=["enterprise", "id"], name="invoice_by_enterprise"),
            models.Index(fields=["sync_state", "id"], name="invoice_by_state"),
            models.Index(fields=["due", "date_of_service", "id"], name="invoice_by_due"),
            models.Index(fields=["balance_cents", "id"], name="invoice_by_balance"),
            begins_index("claim_number", "invoice_claim_begins"),
            models.Index(
                fields=["enterprise", "id"],
                condition=models.Q(remote_id=None, deleted=False),
                name="invoice_unsent",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "claim_number"],
                condition=~models.Q(claim_number=""),
                name="invoice_claim_once",
            )
        ]

    @property
    def is_removed(self) -> bool:
        return self.deleted

    @property
    def account_pk(self) -> int:
        return int(self.patient_id)

    @property
    def patient_remote_id(self) -> int | None:
        return self.parent_remote_id("patient")

    @property
    def practice_remote_id(self) -> int | None:
        return self.parent_remote_id("practice")

    @property
    def doctor_remote_id(self) -> int | None:
        return self.parent_remote_id("doctor")
