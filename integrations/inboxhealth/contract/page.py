"""Page: what stands beside the rows of a list.

Owns the meta model. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Record


class MetaRecord(Record):
    """The `meta` of a list [O]: observed, promised nowhere, so every part may be missing. Contract 3."""

    current_page: int | None = None
    per_page: int | None = None
    total_pages: int | None = None
    has_more: bool | None = None
    total: int | None = None
