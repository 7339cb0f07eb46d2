"""A body as rows a person reads: label, the vendor's name, value. Imports audit and records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from partnerportal.audit import masking, reading
from partnerportal.audit.reading import Content
from partnerportal.kernel.money import dollars
from partnerportal.records.models import RECORDS

EMPTY = "empty"
_NESTED = {"line_items_attributes": "line_item", "line_items": "line_item"}  # whose labels stand in there


@dataclass(frozen=True)
class Line:
    """One value. `name` is the vendor's, with its path: "errors › zip"."""

    label: str
    name: str
    value: str
    empty: bool = False


@dataclass(frozen=True)
class Body:
    """A body twice: as rows, and raw, both masked. `note` says why there is none."""

    lines: list[Line]
    empty: int
    raw: str
    note: str = ""


def body_of(content: Content, *, reveal: bool) -> Body:
    """What a page shows of a request or an answer; SSNs never in clear."""
    if content.state == reading.DESTROYED:
        return Body([], 0, "", "Erased. The digests of this row still verify.")
    if content.state == reading.ALTERED:
        return Body([], 0, "", "This row or its content was altered after it was written.")
    if content.state == reading.UNREADABLE:
        return Body([], 0, "", "Can't be read: its encryption key is missing from the settings.")
    if "ids" in content.values:
        return Body(_listed(content.values), 0, "", "A list: kept as number and ids.")
    if content.is_base64:
        return Body([], 0, "", "Not text: kept byte for byte, and part of a full export.")
    raw = masking.page_body(content.body, reveal=reveal)
    if content.is_incomplete:
        return Body([], 0, raw, "The response broke off. This is what had arrived.")
    return _parsed(raw) if raw else Body([], 0, "", "No body.")


def _parsed(raw: str) -> Body:
    try:
        data = json.loads(raw)
        lines = list(_lines(data, "", ()))
    except (ValueError, RecursionError):
        return Body([], 0, raw, "Not JSON: raw only.")
    shown = [line for line in lines if not line.empty]
    return Body(shown, len(lines) - len(shown), json.dumps(data, indent=2, ensure_ascii=False))


def _lines(value: Any, noun: str, path: tuple[str, ...]) -> Iterator[Line]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            known = name in RECORDS and not path
            within = name if known else _NESTED.get(name, noun)
            yield from _lines(inner, within, path if known else (*path, name))
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value, 1):
            yield from _lines(inner, noun, (*path, str(number)))
    else:
        yield _line(value, noun, path)


def _line(value: Any, noun: str, path: tuple[str, ...]) -> Line:
    name = " › ".join(path)
    label = RECORDS[noun].wire.label(path[-1]) if noun and path else name
    if isinstance(value, list):
        value = ", ".join(str(inner) for inner in value)
    empty = value in (None, "", {})
    if name.endswith("_cents") and isinstance(value, int) and not isinstance(value, bool):
        value = dollars(value)  # the raw body beside it has the cents
    return Line(label, name, EMPTY if empty else _shown(value), empty)


def _shown(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _listed(values: dict[str, Any]) -> list[Line]:
    ids = ", ".join(str(pk) for pk in values["ids"][:200])
    return [
        Line("Records", "count", str(values.get("count"))),
        Line("Inbox Health ids", "ids", ids or "none"),
    ]
