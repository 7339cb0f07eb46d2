"""Values as Ruby prints, inspects and sorts them: `to_s`, `inspect`, `<=>`. Pure; imports nothing.

Held to Ruby itself by `make signature-check`. Objects are printed as Ruby up to 3.3 does: `{"a"=>1}`.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any
from unicodedata import category

_ESCAPES = {
    "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\v": "\\v",
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
    """As `sort` orders them: numbers as numbers, texts by their bytes. Raises NotRubyError.

    Python's own comparing is Ruby's but for flags, which it takes for numbers. It has no order for what is
    equal and no list, so each value is compared within one.
    """
    kinds = set(map(type, values))
    try:
        if kinds == {str} or kinds <= {int, float}:
            return sorted(values)
        return sorted(values, key=lambda one: [_sortable(one)])
    except TypeError as problem:
        raise NotRubyError("these values have no order") from problem


class _Flag:
    """True or False: equal to itself only, and in no order with anything."""


_FLAGS = {True: _Flag(), False: _Flag()}


def _sortable(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_sortable, value)) if not _SIMPLE.issuperset(map(type, value)) else value
    return _FLAGS[value] if isinstance(value, bool) else value


_SIMPLE = frozenset({int, float, str, type(None)})


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
    pieces: list[str] = []
    _inspect(value, pieces)
    return "".join(pieces)


def _inspect(value: Any, pieces: list[str]) -> None:
    """One list for all levels: what is nested deeply is not copied at each."""
    if value.__class__ is list:
        separator = "["
        for one in value:
            pieces.append(separator)
            _inspect(one, pieces)
            separator = ", "
        pieces.append("]" if value else "[]")
    elif value.__class__ is dict:
        separator = "{"
        for key, one in value.items():
            pieces.append(f"{separator}{_quoted(key)}=>")
            _inspect(one, pieces)
            separator = ", "
        pieces.append("}" if value else "{}")
    else:
        pieces.append("nil" if value is None else _quoted(value) if value.__class__ is str else text(value))


_interpolating = re.compile("#(?=[{$@])")


def _quoted(value: str) -> str:
    found = value.replace("\\", "\\\\").replace('"', '\\"')
    if "#" in found:
        found = _interpolating.sub(r"\\#", found)
    if not found.isprintable():
        found = "".join([one if one.isprintable() else _character(one) for one in found])
    return f'"{found}"'


@lru_cache(maxsize=1024)
def _character(one: str) -> str:
    if one in _ESCAPES:
        return _ESCAPES[one]
    if category(one) not in _UNPRINTED:
        return one
    code = ord(one)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\u{{{code:X}}}"
