"""Problem: what a refusal says.

Owns its record model and the reading of all its shapes. May import contract.model only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.inboxhealth.contract.model import Record

# Where a message belongs to no attribute; the word that Rails uses for it.
BASE = "base"


class ProblemRecord(Record):
    """An error body [A]: messages by attribute, a list of messages, or one message. Contract 3."""

    errors: dict[str, Any] | list[Any] | str | None = None
    error: dict[str, Any] | str | None = None
    message: str | None = None


def messages(data: Any) -> dict[str, list[str]]:
    """The messages of an error body by attribute (`base` for the rest); empty where nothing can be read."""
    if not isinstance(data, Mapping):
        return {}
    found = data.get("errors") or data.get("error") or data.get("message")
    if isinstance(found, Mapping):
        return {str(name): _texts(value) for name, value in found.items()}
    return {BASE: _texts(found)} if found else {}


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, Mapping):
        return [f"{name} {text}" for name, item in value.items() for text in _texts(item)]
    return [str(value)]
