"""A JSON object as one line of text, as the Ruby library `oauth` writes it (`OAuth::Helper.normalize`).

Source: contract, section 6. Imports nothing of the sandbox, and shares nothing with the portal's verifier.
"""

from typing import Any
from urllib.parse import quote

Value = Any
"""What JSON can hold."""


def normalize(parameters: dict[str, Value]) -> str:
    """Raises TypeError for a top-level array of values that Ruby could not sort either."""
    names = sorted(parameters, key=_bytes)
    return "&".join(_pair(name, parameters[name]) for name in names)


def _pair(name: str, value: Value) -> str:
    """One top-level name with all that belongs to it; nothing, where that is an object holding nothing."""
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return "&".join(_nested(name, value))
    if isinstance(value, list):
        return "&".join(f"{_escape(name)}={_escape(_text(one))}" for one in _in_order(value or [None]))
    return f"{_escape(name)}={_escape(_text(value))}"


def _nested(name: str, value: Value) -> list[str]:
    """The finished pairs below a name, sorted as text."""
    if isinstance(value, dict):
        pieces = [_nested(f"{name}[{key}]", inner) for key, inner in value.items()]
    elif isinstance(value, list):
        pieces = [_nested(f"{name}[]", inner) for inner in value]
    else:
        return [f"{_escape(name)}={_escape(_text(value))}"]
    return sorted(pair for piece in pieces for pair in piece)


def _in_order(values: list[Value]) -> list[Value]:
    """As values: numbers as numbers, texts by their bytes. Ruby orders no booleans, nulls or mixtures."""
    if len(values) == 1:
        return values
    if all(isinstance(one, str) for one in values):
        return sorted(values, key=_bytes)
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return sorted(values)
    raise TypeError("these values have no order")


def _text(value: Value) -> str:
    """A value as Ruby's `to_s` prints it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _float(value) if isinstance(value, float) else str(value)


def _float(value: float) -> str:
    """Both languages print the shortest digits; Ruby never leaves out the fraction: 1.0e-05, 1.0e+20.

    A whole number gets its exponent one power of ten before Python's would, at 1.0e+15.
    """
    written = repr(value)
    if value.is_integer() and 1e15 <= abs(value) < 1e16:
        digits = str(abs(int(value))).rstrip("0")
        written = f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:] or '0'}e+15"
    mantissa, exponent, power = written.partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}"


def _escape(text: str) -> str:
    return quote(text, safe="")


def _bytes(text: str) -> bytes:
    return text.encode()
