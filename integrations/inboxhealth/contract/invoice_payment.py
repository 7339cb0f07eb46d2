"""Invoice payment: the part of a payment that is applied to one invoice.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Cents, Id, Record, Request


class PaymentReasonLink(Request):
    """Why insurance paid what it paid, by the id of a payment reason."""

    payment_reason_id: Id


class InvoicePaymentAttributes(Request):
    """What an invoice payment may be sent with. A smaller amount un-applies. Contract 4, 5."""

    payment_id: Id | None = None
    invoice_id: Id | None = None
    paid_amount_cents: Cents | None = None
    payment_reasons_invoice_payments_attributes: list[PaymentReasonLink] | None = None


class InvoicePaymentRequest(InvoicePaymentAttributes):
    """An invoice payment to create."""

    payment_id: Id
    invoice_id: Id
    paid_amount_cents: Cents


class InvoicePaymentRecord(Record):
    """An invoice payment as the API answers it. Money in cents."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    payment_id: int | None = None
    invoice_id: int | None = None
    paid_amount_cents: int | None = None
    reversal: bool | None = None
    reversal_date: str | None = None
