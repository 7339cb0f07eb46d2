"""Write-off: what an enterprise no longer asks of a patient.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Cents, DateText, Id, Record, Request


class WriteOffRequest(Request):
    """A write-off to create; it can't be changed afterwards. Contract 4."""

    patient_id: Id
    date: DateText
    write_off_code_id: Id
    amount_cents: Cents


class WriteOffRecord(Record):
    """A write-off as the API answers it. Money in cents."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    patient_id: int | None = None
    date: str | None = None
    write_off_code_id: int | None = None
    amount_cents: int | None = None
