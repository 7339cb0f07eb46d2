"""Doctor: a clinician of an enterprise.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Email, Flag, Id, Name, Npi, Phone, Record, Request


class DoctorAttributes(Request):
    """What a doctor may be sent with; all optional. Ten digits of NPI are a rule of our forms only. Contract
    4.
    """

    enterprise_id: Id | None = None
    first_name: Name | None = None
    middle_name: str | None = None
    last_name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    specialty: str | None = None
    suffix: str | None = None
    certification: str | None = None
    npi: Npi | None = None
    status: str | None = None
    provider_code: str | None = None
    soft_delete: Flag | None = None


class DoctorRequest(DoctorAttributes):
    """A doctor to create."""

    enterprise_id: Id
    first_name: Name
    last_name: Name


class DoctorRecord(Record):
    """A doctor as the API answers it. A delete there is soft: `soft_delete`."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    enterprise_id: int | None = None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    specialty: str | None = None
    suffix: str | None = None
    certification: str | None = None
    npi: str | None = None
    status: str | None = None
    provider_code: str | None = None
    soft_delete: bool | None = None
