"""Short ids: P-48213 is the primary key with its noun's prefix. Pure."""

from __future__ import annotations

import re

PREFIXES = {
    "enterprise": "E",
    "practice": "PR",
    "doctor": "D",
    "patient": "P",
    "invoice": "I",
    "payment": "PAY",
    "line_item": "LI",
    "invoice_payment": "IP",
    "payment_adjustment": "PA",
    "write_off": "WO",
    "payment_reason": "RC",
    "write_off_code": "WC",
    "account_type": "AT",
    "endpoint": "EP",
    "event": "EV",
    "batch": "B",
    "job": "J",
    "plan": "PL",
    "delivery": "DL",
    "exchange": "X",
    "entry": "EN",
    "key": "K",
    "staff": "S",
}
NOUNS = {prefix: noun for noun, prefix in PREFIXES.items()}
_PATTERN = re.compile(rf"^({'|'.join(sorted(NOUNS, key=len, reverse=True))})-(\d{{1,18}})$", re.IGNORECASE)


def short_id(noun: str, pk: int | None) -> str:
    """`short_id("patient", 48213)` is "P-48213"; a row without a key has none ("")."""
    return f"{PREFIXES[noun]}-{pk}" if pk is not None else ""


def parse(text: str) -> tuple[str, int] | None:
    """The noun and primary key of a short id, or None where the text is none."""
    found = _PATTERN.match(text.strip())
    return (NOUNS[found[1].upper()], int(found[2])) if found else None


def record_name(noun: str, pk: int | None) -> str:
    """How the audit names a record: "patient:P-48213"."""
    return f"{noun}:{short_id(noun, pk)}"
