"""Canonical forms: the API rewrites values (phones, M → Male, trimmed text), so comparing happens here. Pure.

Source: section 4 of the contract and its opening on loose forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import us

Canonical = str | int | bool | None
# Names and abbreviations as they are written: the library's own look-up also matches by sound.
_STATES = {
    word.casefold(): state.abbr
    for state in [*us.states.STATES_AND_TERRITORIES, us.states.DC]
    for word in (state.name, state.abbr)
}
_SPACES = re.compile(r"\s+")


def text(value: Any) -> Canonical:
    """Trimmed, inner white space folded; blank is None."""
    return _SPACES.sub(" ", str(value)).strip() or None if value is not None else None


def email(value: Any) -> Canonical:
    found = text(value)
    return str(found).lower() if found else None


def phone(value: Any) -> Canonical:
    """The digits, without a leading country code 1."""
    digits = re.sub(r"\D", "", str(value or ""))
    return (digits[1:] if len(digits) == 11 and digits[0] == "1" else digits) or None


def state(value: Any) -> Canonical:
    """Two letters where the state is known, else the text as it came, upper-cased."""
    found = text(value)
    if found is None:
        return None
    return str(_STATES.get(str(found).casefold(), str(found).upper()))


def zip_code(value: Any) -> Canonical:
    """5 digits, or 5+4 with a dash."""
    found = text(value)
    digits = re.sub(r"\D", "", str(found or ""))
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else found


def sex(value: Any) -> Canonical:
    found = str(text(value) or "")
    return {"m": "Male", "male": "Male", "f": "Female", "female": "Female"}.get(found.lower(), found) or None


def day(value: Any) -> Canonical:
    """A date as YYYY-MM-DD; an instant keeps its own day, whatever the time zone."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    found = text(value)
    return str(found)[:10] if found else None


def digits(value: Any) -> Canonical:
    return re.sub(r"\D", "", str(value or "")) or None


def flag(value: Any) -> Canonical:
    """True, False, or None where unknown; the API says some flags as text or as 0 and 1."""
    if value is None or value == "":
        return None
    return value if isinstance(value, bool) else str(value).lower() in {"true", "1", "yes", "t"}


def integer(value: Any) -> Canonical:
    return None if value in (None, "") else int(value)


def number(value: Any) -> Canonical:
    """A decimal as text without trailing zeros: 6.350 and 6.35 are one."""
    if value in (None, ""):
        return None
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:
        return text(value)


def phone_as_sent(value: Any) -> str:
    """Ten digits in the vendor's own form, (203) 415-3486."""
    digits = str(value)
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits


Form = Callable[[Any], Canonical]
