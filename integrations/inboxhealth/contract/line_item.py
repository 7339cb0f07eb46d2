"""Line item: one charge on an invoice.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Cents, DateText, Id, Name, Record, Request


class LineItemAttributes(Request):
    """What a line item may be sent with. `total_charge_amount_cents` is per unit [O], in cents. Contract 4,
    5.
    """

    invoice_id: Id | None = None
    service_code: str | None = None
    description: Name | None = None
    date_of_service: DateText | None = None
    total_charge_amount_cents: Cents | None = None
    covered_amount_cents: Cents | None = None
    insurance_owed_amount_cents: Cents | None = None
    tax_amount_cents: Cents | None = None
    quantity: int | None = None


class LineItemRequest(LineItemAttributes):
    """A line item to create by itself."""

    invoice_id: Id
    description: Name
    total_charge_amount_cents: Cents


class LineItemChild(LineItemAttributes):
    """A line item inside `line_items_attributes`: updated with an id, created without. Contract 3."""

    id: Id | None = None


class LineItemRecord(Record):
    """A line item as the API answers it. Money in cents."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    invoice_id: int | None = None
    service_code: str | None = None
    description: str | None = None
    date_of_service: str | None = None
    total_charge_amount_cents: int | None = None
    covered_amount_cents: int | None = None
    insurance_owed_amount_cents: int | None = None
    tax_amount_cents: int | None = None
    quantity: int | None = None
