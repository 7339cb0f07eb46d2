"""Payment: money taken from a patient or an insurance.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from typing import Any, Literal

from integrations.inboxhealth.contract.model import Cents, Id, Record, Request

# `card` and `one_time_payment` are processed by Inbox Health itself: documented, but the portal never sends
# them.
PaymentMethod = Literal["external_card", "cash", "check", "insurance", "card", "one_time_payment"]


class PaymentRequest(Request):
    """A payment to create; `expected_amount_cents` in cents. Contract 4."""

    patient_id: Id
    expected_amount_cents: Cents
    payment_method_type: PaymentMethod
    description: str | None = None
    apply_payment: bool | None = None


class PaymentChange(Request):
    """An update takes the description only: about the amount the vendor contradicts itself. Contract 4."""

    description: str | None = None


class PaymentRecord(Record):
    """A payment as answers and events carry it [O]. Money in cents."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    status: str | None = None
    successful: bool | None = None
    submitted_at: str | None = None
    payment_method_type: str | None = None
    description: str | None = None
    expected_amount_cents: int | None = None
    refunded_amount_cents: int | None = None
    applied_amount_cents: int | None = None
    reversal_amount_cents: int | None = None
    total_fee_cents: int | None = None
    adjusted_fee_cents: int | None = None
    enterprise_id: int | None = None
    patient_id: int | None = None
    practice_id: int | None = None
    doctor_id: int | None = None
    voided: bool | None = None
    card_brand: str | None = None
    last_4_digits: str | None = None
    date_cancelled: str | None = None
    transfer_id: int | None = None
    transferred_at: str | None = None
    links: dict[str, Any] | None = None
