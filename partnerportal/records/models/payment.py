"""Payment: money that a patient or insurance paid, taken elsewhere and recorded here. Whole cents."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.records.models.billed import Billed
from partnerportal.records.models.patient import Patient
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.payment import PAYMENT


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=(
        "patient",
        "amount_cents",
        "method",
        "description",
        "paid_on",
        "refunded_cents",
        "voided",
        "remote_id",
    ),
    model_name="PaymentEvent",
)
class Payment(Billed):
    """What is applied of it are rows of InvoicePayment; the rest is the patient's credit."""

    class Method(models.TextChoices):
        CASH = "cash", "Cash"
        CHECK = "check", "Check"
        EXTERNAL_CARD = "external_card", "Card taken elsewhere"
        INSURANCE = "insurance", "Insurance"

    wire: ClassVar[Wire] = PAYMENT
    parent_fields = ("patient",)
    account_path = "patient_id"
    apply_payment = False  # always said: how the API would spread it is documented nowhere

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="payments")
    amount_cents = models.BigIntegerField("Amount")
    method = models.CharField("Method", max_length=20, choices=Method.choices)
    description = models.CharField("Description", max_length=255, blank=True)
    paid_on = models.DateField("Paid on", null=True, blank=True)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    refunded_cents = models.BigIntegerField(default=0, editable=False)
    voided = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "id"], name="payment_by_patient"),
            models.Index(fields=["enterprise", "id"], name="payment_by_enterprise"),
            models.Index(fields=["sync_state", "id"], name="payment_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "source_key"],
                condition=~models.Q(source_key=""),
                name="payment_source_once",
            )
        ]

    @property
    def account_pk(self) -> int:
        return int(self.patient_id)

    @property
    def patient_remote_id(self) -> int | None:
        return self.parent_remote_id("patient")
