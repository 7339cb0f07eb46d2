"""Notification: a message that Inbox Health sent to a patient.

Owns its record model; notifications are only listed. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Record


class NotificationRecord(Record):
    """A notification as the API answers it."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    patient_id: int | None = None
    invoice_id: int | None = None
