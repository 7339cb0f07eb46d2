"""Enterprise: the medical group that a partner onboards.

Owns its request and record models. May import contract.model and contract.practice only.
"""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.contract.model import Id, Name, Phone, Record, Request
from integrations.inboxhealth.contract.practice import PracticeChild


class EnterpriseAttributes(Request):
    """What an enterprise may be sent with; all optional. `sales_tax` in percent. Contract 4."""

    name: Name | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    support_phone_number: Phone | None = None
    sales_tax: float | None = None
    default_quick_pay_description: str | None = None
    logo_background_color: str | None = None
    default_checkin_routes: str | None = None
    statement_descriptor: str | None = None
    time_zone: str | None = None
    color_statements: bool | None = None
    first_class: bool | None = None
    return_envelope: bool | None = None
    perforation: bool | None = None
    default_billing_cycle_template_id: Id | None = None
    practices_attributes: list[PracticeChild] | None = None


class EnterpriseRequest(EnterpriseAttributes):
    """An enterprise to create. Without practices the API makes a seed practice. Contract 4."""

    name: Name


class EnterpriseRecord(Record):
    """An enterprise as the API answers it: about 110 attributes, typed where the portal shows them."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    name: str | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    support_phone_number: str | None = None
    sales_tax: float | None = None
    default_quick_pay_description: str | None = None
    statement_descriptor: str | None = None
    time_zone: str | None = None
    color_statements: bool | None = None
    first_class: bool | None = None
    return_envelope: bool | None = None
    perforation: bool | None = None
    default_billing_cycle_template_id: int | None = None
    enterprise_plan_id: int | None = None
    enterprise_plan: dict[str, Any] | None = None
    patient_billing_active: bool | None = None
    minimum_bill_amount_cents: int | None = None
    days_before_patient_balance_reminder: int | None = None
    past_due_balance_days: int | None = None
    collection_warning_balance_days: int | None = None
    apply_payment: bool | None = None
    auto_charge: bool | None = None
    auto_charge_max_cents: int | None = None
    soft_delete: bool | None = None
    baa_agree: bool | None = None
    transfer_status: str | None = None
    practices: list[dict[str, Any]] | None = None
    links: dict[str, Any] | None = None
