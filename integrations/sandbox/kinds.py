"""The kinds of attribute: what each accepts and how it is rewritten, as the vendor's answers show it.

Strict only where the vendor is: its own examples send full state names and six-digit NPIs.
Imports nothing of the sandbox.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

LONGEST_TEXT = 255
LONGEST_NOTE = 65_535
DESCRIPTOR_LENGTH = 22
MOST_CENTS = 2_147_483_647
"""What four bytes hold: over 21 million dollars."""
MOST_UNITS = 100_000
METHODS = ("external_card", "cash", "check", "insurance", "card", "one_time_payment")
TRUE = {True, "true", "True", "1", "t", "yes"}
FALSE = {False, "false", "False", "0", "f", "no"}


class InvalidValueError(ValueError):
    """A value that its kind refuses; the text is the message for the attribute."""


def _trimmed(value: Any, longest: int) -> str:
    if not isinstance(value, str | int | float):
        raise InvalidValueError("is invalid")
    text = (str(value).lower() if isinstance(value, bool) else str(value)).strip()
    if len(text) > longest:
        raise InvalidValueError(f"is too long (maximum is {longest} characters)")
    # Half a surrogate pair is legal JSON and no text that could be stored or answered.
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text if letter > "\ud7ff"):
        raise InvalidValueError("is invalid")
    return text


def text(value: Any) -> str:
    return _trimmed(value, LONGEST_TEXT)


def note(value: Any) -> str:
    return _trimmed(value, LONGEST_NOTE)


def time_zone(value: Any) -> str:
    """A Rails zone name. Some of the vendor's examples escape the ampersand twice."""
    return text(value).replace("\\u0026", "&")


def descriptor(value: Any) -> str:
    """What a card statement shows: capitals, as many as a card statement has room for."""
    return text(value).upper()[:DESCRIPTOR_LENGTH].rstrip()


def phone(value: Any) -> str | None:
    """Ten digits, or eleven with the country's 1, in any punctuation: (203) 555-5555."""
    sent = text(value)
    digits = re.sub(r"\D", "", sent)
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if sent and (len(digits) != 10 or not re.fullmatch(r"[\d\s().+/-]+", sent)):
        raise InvalidValueError("is invalid")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if sent else None


def _shaped(pattern: str, value: Any) -> str:
    sent = text(value)
    if sent and not re.fullmatch(pattern, sent, re.ASCII):
        raise InvalidValueError("is invalid")
    return sent


def zip_code(value: Any) -> str:
    return _shaped(r"\d{5}(-?\d{4})?", value)


def email(value: Any) -> str:
    return _shaped(r"[^@\s]+@[^@\s]+", value)


def npi(value: Any) -> str:
    return _shaped(r"\d{1,10}", value)


def ssn(value: Any) -> str | None:
    digits = _shaped(r"\d{3}-?\d{2}-?\d{4}", value).replace("-", "")
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if digits else None


def sex(value: Any) -> str | None:
    words = {"m": "Male", "male": "Male", "f": "Female", "female": "Female", "": None}
    sent = text(value).lower()
    if sent not in words:
        raise InvalidValueError("is not included in the list")
    return words[sent]


def day(value: Any) -> str | None:
    """A real date as YYYY-MM-DD; an instant is cut to its date, as the vendor's examples need."""
    sent = text(value)
    if not sent:
        return None
    try:
        return date.fromisoformat(re.sub(r"^(\d{4}-\d{2}-\d{2})[T ].*$", r"\1", sent)).isoformat()
    except ValueError:
        raise InvalidValueError("is invalid") from None


def birthday(value: Any) -> str | None:
    born = day(value)
    # A person born today in the easternmost zone is not from the future.
    if born and date.fromisoformat(born).toordinal() > datetime.now(UTC).toordinal() + 1:
        raise InvalidValueError("can't be in the future")
    return born


def integer(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,18}\s*", value, re.ASCII):
        return int(value)
    if value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 62:
        raise InvalidValueError("is not a number")
    return value


def _within(value: Any, least: int, most: int) -> int:
    # No rounding and no reading of text: an amount that is no whole number is somebody's mistake.
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidValueError("must be an integer")
    if value < least:
        raise InvalidValueError(f"must be greater than or equal to {least}")
    if value > most:
        raise InvalidValueError(f"must be less than or equal to {most}")
    return value


def cents(value: Any) -> int:
    """An amount of money: a whole number of cents, not below zero."""
    return _within(value, 0, MOST_CENTS)


def amount(value: Any) -> int:
    """An amount of money above zero."""
    return _within(value, 1, MOST_CENTS)


def quantity(value: Any) -> int:
    return _within(value, 1, MOST_UNITS)


def payment_method(value: Any) -> str:
    if value not in METHODS:
        raise InvalidValueError("is not included in the list")
    return str(value)


def web_address(value: Any) -> str:
    """A URL as it was sent, to the letter: signatures are made over it."""
    return _shaped(r"https?://[^\s/?#]+\S*", value)


def event_types(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise InvalidValueError("is invalid")
    return [text(one) for one in value]


def number(value: Any) -> float | None:
    if value == "":
        return None
    try:
        found = float(text(value))
    except ValueError:
        raise InvalidValueError("is not a number") from None
    if not math.isfinite(found):
        raise InvalidValueError("is not a number")
    return found


def boolean(value: Any) -> bool | None:
    if value == "":
        return None
    if isinstance(value, list | dict) or value not in TRUE | FALSE:
        raise InvalidValueError("is not included in the list")
    return value in TRUE


def external_ids(value: Any) -> list[dict[str, str]]:
    """`[{"issuer": "coolpm", "external_id": "3425"}]`; anything else beside the two is left out."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise InvalidValueError("is invalid")
    return [{name: text(one.get(name, "")) for name in ("issuer", "external_id")} for one in value]


KINDS: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "note": note,
    "time_zone": time_zone,
    "descriptor": descriptor,
    "phone": phone,
    "zip": zip_code,
    "email": email,
    "npi": npi,
    "ssn": ssn,
    "sex": sex,
    "date": day,
    "birthday": birthday,
    "integer": integer,
    "number": number,
    "cents": cents,
    "bytes": cents,
    "amount": amount,
    "quantity": quantity,
    "payment_method": payment_method,
    "web_address": web_address,
    "event_types": event_types,
    "boolean": boolean,
    "external_ids": external_ids,
}
EXACT = {"date", "birthday", "integer", "number", "boolean", "cents", "bytes", "amount", "quantity"}
"""Kinds that a filter compares for equality; the others are text."""
WITHOUT_FILTER = {"external_ids", "event_types"}
NEVER_NULL = {"cents", "bytes", "quantity"}
"""Kinds that turn a null into their attribute's default, where it has one."""
