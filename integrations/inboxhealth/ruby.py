"""Values as Ruby prints, inspects and sorts them: `to_s`, `inspect`, `<=>`. Pure; imports nothing.

Held to Ruby itself by `make signature-check`. Objects are printed as Ruby up to 3.3 does: `{"a"=>1}`.
"""

from __future__ import annotations

import math
from functools import cmp_to_key
from typing import Any
from unicodedata import category

_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\v": "\\v",
    "\b": "\\b", "\a": "\\a", "\x1b": "\\e",
}  # fmt: skip
_UNPRINTED = ("Cc", "Cn", "Cs", "Zl", "Zp")


class NotRubyError(ValueError):
    """Ruby raises here: values that have no order among themselves."""


def text(value: Any) -> str:
    """A scalar's `to_s`: null is empty, floats keep their fraction (1.0e-05, 1.0e+20, 100000.0)."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _float(value) if isinstance(value, float) else str(value)


def printed(value: Any) -> str:
    """`to_s` of anything: arrays and objects are inspected."""
    return _inspected(value) if isinstance(value, dict | list) else text(value)


def in_order(values: list[Any]) -> list[Any]:
    """As `sort` orders them: numbers as numbers, texts by their bytes. Raises NotRubyError."""
    return sorted(values, key=cmp_to_key(_compared))


def _compared(one: Any, other: Any) -> int:
    """`one <=> other`. Raises NotRubyError where that is nil."""
    if (isinstance(one, str) and isinstance(other, str)) or (_number(one) and _number(other)):
        return int(one > other) - int(one < other)
    if isinstance(one, list) and isinstance(other, list):
        for left, right in zip(one, other, strict=False):
            if difference := _compared(left, right):
                return difference
        return (len(one) > len(other)) - (len(one) < len(other))
    if type(one) is type(other) and one == other:
        return 0
    raise NotRubyError("these values have no order")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _float(value: float) -> str:
    """The shortest digits that mean the number, as in Python; whole ones have exponents from 1.0e+15."""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    shortest = repr(value)
    if 1e15 <= abs(value) < 1e16 and value.is_integer():
        sign, digits = shortest[: value < 0], shortest.lstrip("-").removesuffix(".0")
        shortest = f"{sign}{digits[0]}.{digits[1:].rstrip('0') or '0'}e+15"
    mantissa, exponent, power = shortest.partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}"


def _inspected(value: Any) -> str:
    if value is None:
        return "nil"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join([_inspected(one) for one in value])}]"
    if isinstance(value, dict):
        pairs = [f"{_quoted(key)}=>{_inspected(one)}" for key, one in value.items()]
        return f"{{{', '.join(pairs)}}}"
    return text(value)


def _quoted(value: str) -> str:
    pieces = [_character(one, value[at + 1 : at + 2]) for at, one in enumerate(value)]
    return f'"{"".join(pieces)}"'


def _character(one: str, following: str) -> str:
    if one in _ESCAPES:
        return _ESCAPES[one]
    if one == "#" and following in ("{", "$", "@"):
        return "\\#"
    if one.isprintable() or category(one) not in _UNPRINTED:
        return one
    code = ord(one)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\u{{{code:X}}}"
