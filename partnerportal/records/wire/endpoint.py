"""Endpoint on the wire. Source: section 6 of the contract [D]. Pure."""

from __future__ import annotations

from typing import Any

from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute, Wire


def event_types(value: Any) -> canonical.Canonical:
    """The types as one text, sorted: their order says nothing."""
    types = value.split("\n") if isinstance(value, str) else value or []
    return "\n".join(sorted({str(one) for one in types if one})) or None


def _as_list(value: Any) -> list[str]:
    return str(value).split("\n")


ENDPOINT = Wire(
    "endpoint",
    "endpoints",
    (
        Attribute("url", "URL", required=True),
        Attribute("registered_webhooks", "Events", event_types, required=True, out=_as_list),
    ),
)
