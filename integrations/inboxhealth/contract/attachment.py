"""Attachment: a file of an enterprise, by its description.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Id, Record, Request


class AttachmentRequest(Request):
    """An attachment to create, or what an update changes: nothing is required. `size` in bytes."""

    enterprise_id: Id | None = None
    category: str | None = None
    output_source: str | None = None
    mime_type: str | None = None
    size: int | None = None
    checksum: str | None = None
    version: str | None = None
    display_name: str | None = None
    path: str | None = None


class AttachmentRecord(Record):
    """An attachment as the API answers it. `size` in bytes."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    enterprise_id: int | None = None
    category: str | None = None
    output_source: str | None = None
    mime_type: str | None = None
    size: int | None = None
    checksum: str | None = None
    version: str | None = None
    display_name: str | None = None
    path: str | None = None
