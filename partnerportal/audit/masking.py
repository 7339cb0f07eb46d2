"""Hides a person's values in bodies and addresses before they are shown or exported. Pure.

Two depths. A page always hides SSNs, and birth date and contact from those who may not see them. An export
keeps only what names nobody: closed by default, so that an attribute nobody thought of is hidden too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

HIDDEN = "•••"
Rule = Callable[[str, Any], Any]

_SSN_TEXT = re.compile(r"\b\d{3}-\d{2}-(\d{4})\b")
_SSN_PAIR = re.compile(r'("ssn"\s*:\s*")[\d\s-]*?(\d{0,4})(?=")', re.IGNORECASE)
_SSN_CUT = re.compile(r'("ssn"\s*:\s*")[\d\s-]*$', re.IGNORECASE)  # its last digits are not the SSN's last
_ID = re.compile(r"^(\d{1,18}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", re.IGNORECASE)
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$")
_PERSONAL_NUMBER = re.compile(r"ssn|zip|phone|birth|digits|npi", re.IGNORECASE)
_PHONE = re.compile(r"phone", re.IGNORECASE)
_CONTACT = re.compile(r"^(corrected_)?(address_line_\d|zip|email.*)$")
_PLAIN_TEXT = frozenset({"object", "status", "billing_status", "event_type", "payment_method_type", "sort"})
_OPEN_QUERY = frozenset({"page", "per_page", "sort"})
# Messages that quote nothing. Any other may ("'1987-13-02' is no date").
_STOCK_MESSAGES = frozenset(
    {"is invalid", "can't be blank", "has already been taken", "must exist", "is not a number", "not found"}
)


def page_body(body: str, *, reveal: bool) -> str:
    """A body as a page may show it: SSNs masked; without `reveal`, birth date and contact hidden too."""
    masked = _masked_json(body, _reader if reveal else _stranger)
    if masked is not None:
        return masked
    return _ssn_in_text(body) if reveal or not body else unreadable_text(body)


def page_data(data: Any, *, reveal: bool) -> Any:
    """As page_body, for a value that is already parsed."""
    return _walk(data, "", _reader if reveal else _stranger)


def page_url(url: str, *, reveal: bool) -> str:
    """As page_body, for the query of an address."""
    rule = _reader if reveal else _stranger
    return _with_query(url, lambda name, value: str(rule(name.removeprefix("filter[").rstrip("]"), value)))


def export_body(body: str) -> str:
    """A body that names nobody, still JSON; another body is only measured."""
    masked = _masked_json(body, _anyone)
    return masked if masked is not None else (unreadable_text(body) if body else "")


def export_url(url: str) -> str:
    """The address with each value of its query hidden, paging and order excepted."""
    return _with_query(url, lambda name, value: value if name in _OPEN_QUERY else HIDDEN)


def _with_query(url: str, shown: Callable[[str, str], str]) -> str:
    """The address with its query decoded, to be read by people."""
    parts = urlsplit(url)
    if not parts.query:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = "&".join(f"{quote(name, safe='[]')}={shown(name, value)}" for name, value in pairs)
    return parts._replace(query=query).geturl()


def quoted(text: str) -> str:
    """An error message for those who may not see what it can quote: stock ones stay."""
    return text if text in _STOCK_MESSAGES else HIDDEN


def unreadable_text(body: str) -> str:
    return f"[not JSON, {len(body.encode()):,} bytes, hidden]"


def ssn_tail(value: Any) -> str:
    digits = re.sub(r"\D", "", str(value))
    return f"•••-••-{digits[-4:]}" if len(digits) >= 4 else HIDDEN


def _masked_json(body: str, rule: Rule) -> str | None:
    """The body again with each leaf passed through `rule`; None where it is no JSON (or nested absurdly)."""
    try:
        masked = _walk(json.loads(body), "", rule)
        return json.dumps(masked, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, key: str, rule: Rule) -> Any:
    if isinstance(value, dict):
        return {name: _walk(inner, name, rule) for name, inner in value.items()}
    if isinstance(value, list):
        return [_walk(inner, key, rule) for inner in value]
    return value if value is None or isinstance(value, bool) or value == "" else rule(key, value)


def _reader(key: str, value: Any) -> Any:
    """For those who identify people by these values: SSNs alone are hidden."""
    if "ssn" in key.lower():
        return ssn_tail(value)
    return _ssn_in_text(value) if isinstance(value, str) else value


def _stranger(key: str, value: Any) -> Any:
    """Without the permission names stay, birth date and contact do not. Source: pages, section 6."""
    if "birth" in key:
        year = re.search(r"\d{4}", str(value))
        return f"••/••/{year[0]}" if year else HIDDEN
    if _PHONE.search(key):
        digits = re.sub(r"\D", "", str(value))[-10:]
        return f"({digits[:3]}) •••-••{digits[-2:]}" if len(digits) == 10 else HIDDEN
    return HIDDEN if _CONTACT.match(key) else _reader(key, value)


def _anyone(key: str, value: Any) -> Any:
    if isinstance(value, int | float):
        return HIDDEN if _PERSONAL_NUMBER.search(key) else value
    text = str(value)
    if key in _PLAIN_TEXT or text in _STOCK_MESSAGES:
        return text
    if key.endswith("_at"):
        return text if _INSTANT.match(text) else HIDDEN
    if key == "id" or key.endswith("_id"):
        return text if _ID.match(text) and key != "health_record_id" else HIDDEN
    return HIDDEN


def _ssn_in_text(text: str) -> str:
    masked = _SSN_PAIR.sub(r"\1•••-••-\2", _SSN_TEXT.sub(r"•••-••-\1", text))
    return _SSN_CUT.sub(r"\1•••", masked)
