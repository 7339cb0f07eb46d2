"""What was typed, put into the form we keep: only where it is understood, else it stays as typed. Pure.

A value that can't be sent is kept and makes the record Not valid; nothing typed is lost.
"""

from __future__ import annotations

from typing import Any

from partnerportal.records import zips
from partnerportal.records.rules import STATES
from partnerportal.records.wire import canonical

PHONES = ("cell_phone", "home_phone", "work_phone", "phone", "support_phone_number")


def normal(field: str, value: Any, state: str | None = None) -> Any:
    """The value of one field as it is stored. A ZIP is repaired where the address's state ("" too) is given:
    what was typed, that is, and not what it is compared with.
    """
    if not isinstance(value, str):
        return value
    text = str(canonical.text(value) or "")
    if field in PHONES:
        return _if_long(canonical.phone(text), 10, text)
    if field == "npi":
        return _if_long(canonical.digits(text), 10, text)
    if field == "state":
        found = str(canonical.state(text) or "")
        return found if found in STATES else text
    if field == "zip" and state is not None:
        return zips.repaired(text, normal("state", state))[0]
    known = {"zip": canonical.zip_code, "email": canonical.email, "sex": canonical.sex}
    return str(known[field](text) or "") if field in known else text


def _if_long(digits: canonical.Canonical, length: int, text: str) -> str:
    return str(digits) if digits and len(str(digits)) == length else text
