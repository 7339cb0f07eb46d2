"""Line item: one charge of an invoice. All amounts are whole cents; the charge is per unit [O]."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.records.models.billed import DIFFERS, Billed
from partnerportal.records.models.invoice import Invoice
from partnerportal.records.models.patient import Patient
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.invoice import LINE_ITEM


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=(
        "invoice", "service_code", "description", "date_of_service", "total_charge_amount_cents",
        "covered_amount_cents", "insurance_owed_amount_cents", "tax_amount_cents", "quantity", "deleted",
        "remote_id",
    ),
    model_name="LineItemEvent",
)  # fmt: skip
class LineItem(Billed):
    """Goes out with its invoice's create, or on its own when added later."""

    wire: ClassVar[Wire] = LINE_ITEM
    parent_fields = ("invoice",)
    account_path = "invoice__patient_id"

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    service_code = models.CharField("Code", max_length=60, blank=True)
    description = models.CharField("Description", max_length=255)
    date_of_service = models.DateField("Date of service", null=True, blank=True)
    total_charge_amount_cents = models.BigIntegerField("Charge each")
    covered_amount_cents = models.BigIntegerField("Covered", default=0)
    insurance_owed_amount_cents = models.BigIntegerField("Insurance still owes", default=0)
    tax_amount_cents = models.BigIntegerField("Tax", default=0)
    quantity = models.IntegerField("Quantity", default=1)
    deleted = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["invoice", "id"], name="line_item_by_invoice"),
            models.Index(fields=["sync_state", "id"], condition=DIFFERS, name="line_item_differs"),
        ]

    @property
    def is_removed(self) -> bool:
        return self.deleted

    @property
    def patient(self) -> Patient:
        return self.invoice.patient

    @property
    def account_pk(self) -> int:
        return int(self.invoice.patient_id)

    @property
    def invoice_remote_id(self) -> int | None:
        return self.parent_remote_id("invoice")
