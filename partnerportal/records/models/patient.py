"""Patient: a person an enterprise bills. The SSN is encrypted and sent only if allowed."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models

from partnerportal.kernel import keyring
from partnerportal.kernel.fields import EncryptedTextField
from partnerportal.kernel.folding import begins_index, contains_index
from partnerportal.records.models.codes import AccountType
from partnerportal.records.models.enterprise import ADDRESS_FIELDS, Address, Enterprise
from partnerportal.records.models.mirror import Mirror
from partnerportal.records.models.practice import Practice
from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.patient import PATIENT

_TRACKED = (
    "enterprise", "practice", "account_type", "health_record_id", "first_name", "middle_name", "last_name",
    "date_of_birth",
    "sex", "ssn_fingerprint", "email", "cell_phone", "home_phone", "work_phone", *ADDRESS_FIELDS, "language",
    "marital_status", "contact_preference", "billing_status", "sms_opt_out", "phone_opt_out", "removed",
    "remote_id",
)  # fmt: skip


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=_TRACKED,
    model_name="PatientEvent",
)
class Patient(Mirror, Address):
    """`health_record_id` is the partner's chart number and nothing else."""

    wire: ClassVar[Wire] = PATIENT

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="patients")
    practice = models.ForeignKey(Practice, models.PROTECT, null=True, blank=True, related_name="patients")
    health_record_id = models.CharField("Chart no.", max_length=120, blank=True)
    first_name = models.CharField("First name", max_length=255, blank=True)
    middle_name = models.CharField("Middle name", max_length=255, blank=True)
    last_name = models.CharField("Last name", max_length=255, blank=True)
    date_of_birth = models.DateField("Date of birth", null=True, blank=True)
    sex = models.CharField("Sex", max_length=20, blank=True)
    ssn = EncryptedTextField("SSN", null=True, blank=True)
    ssn_fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    email = models.CharField("E-mail", max_length=255, blank=True)
    cell_phone = models.CharField("Cell phone", max_length=40, blank=True)
    home_phone = models.CharField("Home phone", max_length=40, blank=True)
    work_phone = models.CharField("Work phone", max_length=40, blank=True)
    language = models.CharField("Language", max_length=60, blank=True)
    marital_status = models.CharField("Marital status", max_length=60, blank=True)
    contact_preference = models.CharField("Contact preference", max_length=60, blank=True)
    billing_status = models.CharField("Billing status", max_length=60, default="complete")
    account_type = models.ForeignKey(
        AccountType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="patients",
        verbose_name="Account type",
    )
    sms_opt_out = models.BooleanField("No text messages", null=True, blank=True)
    phone_opt_out = models.BooleanField("No phone calls", null=True, blank=True)
    removed = models.BooleanField("Removed", default=False)
    balance_cents = models.BigIntegerField(default=0, editable=False)  # ours, from the records here
    balance_there_cents = models.BigIntegerField(null=True, editable=False)
    balance_read_at = models.DateTimeField(null=True, editable=False)
    balance_gap_cents = models.BigIntegerField(null=True, editable=False)  # |ours − theirs|, worst first

    class Meta:
        indexes = [
            models.Index(fields=["last_name", "first_name", "id"], name="patient_by_name"),
            models.Index(fields=["date_of_birth", "id"], name="patient_by_birth"),
            models.Index(fields=["enterprise", "id"], name="patient_by_enterprise"),
            models.Index(fields=["sync_state", "id"], name="patient_by_state"),
            models.Index(fields=["cell_phone"], name="patient_by_cell"),
            models.Index(
                fields=["-balance_gap_cents", "id"],
                condition=models.Q(balance_gap_cents__gt=0),
                name="patient_by_gap",
            ),
            models.Index(
                fields=["enterprise", "id"],
                condition=models.Q(remote_id=None, removed=False),
                name="patient_unsent",
            ),
            models.Index(fields=["home_phone"], name="patient_by_home_phone"),
            models.Index(fields=["work_phone"], name="patient_by_work_phone"),
            contains_index("last_name", "patient_last_folded"),
            contains_index("first_name", "patient_first_folded"),
            begins_index("health_record_id", "patient_chart_begins"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "health_record_id"],
                condition=~models.Q(health_record_id=""),
                name="patient_chart_no",
            )
        ]

    @property
    def is_removed(self) -> bool:
        return self.removed

    def parents(self) -> list[Mirror]:
        return [row for row in (self.practice, self.account_type) if row is not None]

    @property
    def practice_remote_id(self) -> int | None:
        return self.practice.remote_id if self.practice else None

    @property
    def account_type_remote_id(self) -> int | None:
        return self.account_type.remote_id if self.account_type else None

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)

    def may_send(self, attribute: str) -> bool:
        """SSNs travel only where the enterprise switched it on."""
        return attribute != "ssn" or self.enterprise.allow_ssn

    def recompute(self) -> None:
        digits = canonical.digits(self.ssn)
        self.ssn_fingerprint = keyring.fingerprint("ssn", str(digits)) if digits else ""
        super().recompute()

    @property
    def masked_ssn(self) -> str:
        digits: Any = canonical.digits(self.ssn)
        return f"•••-••-{digits[-4:]}" if digits else ""
