"""Those who work with the API's data there: admin organizations and users.

Owns their record models; both are only listed. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Record


class AdminOrganizationRecord(Record):
    """An admin organization as the API answers it."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    name: str | None = None


class UserRecord(Record):
    """A user as the API answers it; lists take `filter[role]`. Contract 4."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    role: str | None = None
