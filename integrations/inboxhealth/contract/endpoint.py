"""Endpoint: a subscription to webhooks.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from integrations.inboxhealth.contract.model import Record, Request, WebUrl

# The set of event types is open (contract 6), so a type is any text.
EventTypes = Annotated[list[str], Field(min_length=1)]


class EndpointAttributes(Request):
    """What an endpoint may be changed to [A]."""

    url: WebUrl | None = None
    registered_webhooks: EventTypes | None = None


class EndpointRequest(EndpointAttributes):
    """An endpoint to register. Contract 6."""

    url: WebUrl
    registered_webhooks: EventTypes


class EndpointRecord(Record):
    """An endpoint as the API answers it."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    url: str | None = None
    registered_webhooks: list[str] | None = None
