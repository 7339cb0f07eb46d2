"""Event: the body of a webhook.

Owns its record model. May import contract.model only.
"""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.contract.model import Record


class EventRecord(Record):
    """What a webhook posts. The set of event types is open. Contract 6."""

    id: int | None = None
    livemode: bool | None = None
    created_at: str | None = None
    event_type: str | None = None
    event_data: dict[str, Any] | None = None

    @property
    def subject(self) -> dict[str, Any]:
        """The record that the event is about, as it came; empty where there is none."""
        inner = (self.event_data or {}).get("object")
        return inner if isinstance(inner, dict) else {}
