"""Patient: the person who owes, below an enterprise.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from typing import Any, Literal

from integrations.inboxhealth.contract.model import DateText, Email, Id, Name, Phone, Record, Request, Ssn


class ExternalId(Request):
    """A reference of another system. In answers [D]; that requests may carry it is [A]. Contract 4."""

    issuer: str
    external_id: str


class PatientAttributes(Request):
    """What a patient may be sent with; all optional. `health_record_id` is the chart number. Contract 4."""

    enterprise_id: Id | None = None
    first_name: Name | None = None
    middle_name: str | None = None
    last_name: Name | None = None
    date_of_birth: DateText | None = None
    sex: Literal["Male", "Female", "M", "F"] | None = None
    ssn: Ssn | None = None
    email: Email | None = None
    phone: Phone | None = None
    cell_phone: Phone | None = None
    home_phone: Phone | None = None
    secondary_phone: Phone | None = None
    work_phone: Phone | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    practice_id: Id | None = None
    language: str | None = None
    marital_status: str | None = None
    contact_preference: str | None = None
    health_record_id: str | None = None
    external_ids: list[ExternalId] | None = None
    billing_status: str | None = None
    precollection: bool | None = None
    account_type_id: Id | None = None
    allow_self_directed_payment_plan: bool | None = None
    primary: bool | None = None
    removed: bool | None = None
    sms_opt_out: bool | None = None
    phone_opt_out: bool | None = None


class PatientRequest(PatientAttributes):
    """A patient to create."""

    enterprise_id: Id
    first_name: Name
    last_name: Name


class PatientRecord(Record):
    """A patient as the API answers it; phones, sex and text may come back rewritten. Money in cents."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    enterprise_id: int | None = None
    practice_id: int | None = None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    date_of_birth: str | None = None
    sex: str | None = None
    ssn: str | None = None
    email: str | None = None
    phone: str | None = None
    cell_phone: str | None = None
    home_phone: str | None = None
    secondary_phone: str | None = None
    work_phone: str | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    language: str | None = None
    marital_status: str | None = None
    contact_preference: str | None = None
    health_record_id: str | None = None
    external_ids: list[dict[str, Any]] | None = None
    billing_status: str | None = None
    precollection: bool | None = None
    account_type_id: int | None = None
    allow_self_directed_payment_plan: bool | None = None
    primary: bool | None = None
    removed: bool | None = None
    sms_opt_out: bool | None = None
    phone_opt_out: bool | None = None
    balance_cents: int | None = None
    cached_balance_cents: int | None = None
    last_notified_at: str | None = None
    statement_cycle_started_at: str | None = None
    corrected_address_line_1: str | None = None
    corrected_address_line_2: str | None = None
    corrected_city: str | None = None
    corrected_state: str | None = None
    corrected_zip: str | None = None
    links: dict[str, Any] | None = None
