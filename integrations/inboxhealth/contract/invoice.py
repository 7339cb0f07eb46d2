"""Invoice: what a patient is charged for one visit.

Owns its request and record models. May import contract.model and contract.line_item only.
"""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.contract.line_item import LineItemChild
from integrations.inboxhealth.contract.model import DateText, Id, Record, Request


class InvoiceAttributes(Request):
    """What an invoice may be sent with; all optional. `estimate` is false for a bill. Contract 4."""

    patient_id: Id | None = None
    practice_id: Id | None = None
    doctor_id: Id | None = None
    date_of_service: DateText | None = None
    notes: str | None = None
    estimate: bool | None = None
    line_items_attributes: list[LineItemChild] | None = None


class InvoiceChange(InvoiceAttributes):
    """What an update of an invoice may carry besides. Contract 4."""

    appointment_id: Id | None = None


class InvoiceRequest(InvoiceAttributes):
    """An invoice to create."""

    patient_id: Id
    practice_id: Id
    date_of_service: DateText


class InvoiceRecord(Record):
    """An invoice as the API answers it. Money in cents."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    patient_id: int | None = None
    practice_id: int | None = None
    doctor_id: int | None = None
    date_of_service: str | None = None
    notes: str | None = None
    estimate: bool | None = None
    soft_delete: bool | None = None
    balance_cents: int | None = None
    total_insurance_balance_cents: int | None = None
    line_items: list[dict[str, Any]] | None = None
    links: dict[str, Any] | None = None
