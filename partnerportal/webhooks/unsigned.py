"""Reads an event so that what its signature leaves open makes no difference. Pure; imports nouns and ruby.

Signed is a text in which 1 and "1", true and "true", null and "" are the same, and so are a value at the top
and an array that holds it alone. Whoever has seen a call can send it in any of these forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from integrations.inboxhealth import ruby
from integrations.inboxhealth.nouns import NOUNS

_LARGEST_ID = 2**63 - 1


def plain(value: Any) -> str:
    """A value at the top as the signed text has it; empty where it is no single one. For columns: no NUL."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    return "" if isinstance(value, dict) else ruby.printed(value).replace("\0", "")


def flag(value: Any) -> bool | None:
    """A flag at the top; None where it is none."""
    return {"true": True, "false": False}.get(plain(value))


def number(value: Any) -> int | None:
    """An id or an amount within a record; None where it is none."""
    if isinstance(value, str) and value.isascii() and len(value) < 20 and value.removeprefix("-").isdigit():
        value = int(value) if str(int(value)) == value else None
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_ID
    return value if fits else None


def subject(event: Mapping[str, Any]) -> tuple[str, int | None]:
    """The noun and the id there of what the event is about, as far as it says."""
    data = event.get("event_data")
    inner = data.get("object") if isinstance(data, dict) else None
    if not isinstance(inner, dict):
        return "", None
    noun = inner.get("object")
    return (noun.replace("\0", "")[:30] if isinstance(noun, str) else ""), number(inner.get("id"))


def record(noun: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The record with each value of the type that the contract gives it, where it says the same."""
    kinds = _kinds(noun)
    return {name: _as(kinds.get(name, ()), value) for name, value in values.items() if name != "object"}


def _as(kinds: tuple[type, ...], value: Any) -> Any:
    if not kinds or type(value) in kinds or isinstance(value, dict | list):
        return value
    if value is None or value == "":
        return None
    if int in kinds and (found := number(value)) is not None:
        return found
    if bool in kinds and value in ("true", "false"):
        return value == "true"
    return ruby.text(value) if str in kinds else value


@cache
def _kinds(noun: str) -> dict[str, tuple[type, ...]]:
    """{attribute: its types} of the noun's records; nothing where the contract does not know it."""
    known = next((one.record for one in NOUNS if one.root == noun), None)
    fields = known.model_fields if known else {}
    return {
        name: tuple(one for one in get_args(field.annotation) if one in (int, bool, str, float))
        for name, field in fields.items()
    }
