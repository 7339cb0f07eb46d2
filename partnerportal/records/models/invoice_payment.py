"""InvoicePayment: a part of a payment applied to an invoice; PaymentAdjustment: a refund or a void."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.records.models.billed import DIFFERS, Billed
from partnerportal.records.models.codes import PaymentReason
from partnerportal.records.models.invoice import Invoice
from partnerportal.records.models.mirror import Mirror
from partnerportal.records.models.patient import Patient
from partnerportal.records.models.payment import Payment
from partnerportal.records.state import SyncState
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.payment import INVOICE_PAYMENT, PAYMENT_ADJUSTMENT


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=("payment", "invoice", "amount_cents", "reason", "deleted", "remote_id"),
    model_name="InvoicePaymentEvent",
)
class InvoicePayment(Billed):
    """Un-applying is an update to a smaller amount; a void deletes it (`deleted`)."""

    wire: ClassVar[Wire] = INVOICE_PAYMENT
    parent_fields = ("payment", "invoice", "reason")
    account_path = "payment__patient_id"

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="applications")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="applications")
    amount_cents = models.BigIntegerField("Applied")
    reason = models.ForeignKey(PaymentReason, models.PROTECT, null=True, blank=True, related_name="+")
    deleted = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["payment", "id"], name="application_by_payment"),
            models.Index(fields=["invoice", "id"], name="application_by_invoice"),
            models.Index(fields=["sync_state", "id"], condition=DIFFERS, name="application_differs"),
        ]

    @property
    def is_removed(self) -> bool:
        return self.deleted

    @property
    def patient(self) -> Patient:
        return self.payment.patient

    @property
    def account_pk(self) -> int:
        return int(self.payment.patient_id)

    @property
    def payment_remote_id(self) -> int | None:
        return self.parent_remote_id("payment")

    @property
    def invoice_remote_id(self) -> int | None:
        return self.parent_remote_id("invoice")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=("payment", "amount_cents", "void", "remote_id"),
    model_name="PaymentAdjustmentEvent",
)
class PaymentAdjustment(Billed):
    """`void` takes back the whole payment and what was applied of it; else a refund, no balance changes.

    `seen_on_payment`: its answer was lost, and the payment there shows it done; no list tells its id.
    """

    wire: ClassVar[Wire] = PAYMENT_ADJUSTMENT
    parent_fields = ("payment",)
    account_path = "payment__patient_id"

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="adjustments")
    amount_cents = models.BigIntegerField("Amount")
    void = models.BooleanField(default=False)
    seen_on_payment = models.BooleanField(default=False, editable=False)

    def parents(self) -> list[Mirror]:
        """The payment, and what was applied of it before: a voided payment can't be applied any more."""
        unsent = self.payment.applications.filter(deleted=False, remote_id=None)
        return [self.payment, *unsent.order_by("pk")]

    def recompute(self) -> None:
        super().recompute()
        if self.seen_on_payment and self.sync_state == SyncState.NOT_SENT:
            self.sync_state = SyncState.IN_SYNC

    @property
    def patient(self) -> Patient:
        return self.payment.patient

    @property
    def account_pk(self) -> int:
        return int(self.payment.patient_id)

    @property
    def payment_remote_id(self) -> int | None:
        return self.parent_remote_id("payment")
