"""Payment adjustment: a refund or a void of a payment.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Cents, Id, Record, Request


class PaymentAdjustmentRequest(Request):
    """An adjustment to create; `voided` stands beside it at the top level of the body. Contract 4, 5."""

    payment_id: Id
    amount_cents: Cents


class PaymentAdjustmentRecord(Record):
    """An adjustment as the API answers it. Money in cents."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    payment_id: int | None = None
    payment_processing_refund_id: int | None = None
    transfer_id: int | None = None
    status: str | None = None
    created_by_user_id: int | None = None
    amount_cents: int | None = None
