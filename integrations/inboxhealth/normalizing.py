"""A JSON object as the one line of text that webhook signatures cover: Ruby's `OAuth::Helper.normalize`.

Source: contract, section 6; where words and library differ the library is right, and `make signature-check`
holds this to it. Pure; imports ruby only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import add, itemgetter
from typing import Any

from integrations.inboxhealth.ruby import NotRubyError, in_order, printed, text

DEEPEST = 100
"""Ruby's JSON reads no deeper, the outermost object included."""
_plain = re.compile(r"[A-Za-z0-9\-._~]*").fullmatch
_plain_or_code = re.compile(r"[A-Za-z0-9\-._~%]*").fullmatch
# The percent sign first: it is in what the others become.
_COMMON = [(one, f"%{ord(one):02X}") for one in "% :()+@/"]
_CODES = [chr(one) if _plain(chr(one)) else f"%{one:02X}" for one in range(256)]
# What is remembered of names that strangers may choose is little.
_MANY, _LONG, _SHORT = 512, 32_768, 100


class NotNormalError(ValueError):
    """The library could not write these parameters as text either."""


class TooLongError(ValueError):
    """The text would be longer than the caller wants to pay for."""


def normalized(parameters: Mapping[str, Any], most: float = math.inf) -> list[str]:
    """The text, or both texts where versions of the library differ. Raises NotNormalError.

    They differ in arrays of objects at the top level only: newer ones write them like any nested array,
    older ones sort and print them. `most`: characters of one text; TooLongError where it would be longer,
    raised before so much is written.
    """
    names = sorted(parameters)
    try:
        found = [_joined([_top(name, parameters[name], most) for name in names], most)]
    except (NotRubyError, UnicodeEncodeError) as problem:
        raise NotNormalError(str(problem)) from problem
    if any(map(_holds_objects, parameters.values())):
        found += _as_older_versions(names, parameters, most)
    return found


def _joined(pieces: list[str], most: float) -> str:
    found = "&".join(pieces)
    if len(found) > most:
        raise TooLongError("too long")
    return found


def _top(name: str, value: Any, most: float) -> str:
    """What belongs to one name at the top, as newer versions write it. A plain value repeats nothing."""
    if value.__class__ is str:
        return f"{_escaped(name)}={_escaped(value)}"
    if isinstance(value, dict) or _holds_objects(value):
        return "&".join(_nested(_escaped(name), value, most)) if value else ""
    if isinstance(value, list):
        return _sorted(name, value, most)
    return f"{_escaped(name)}={_escaped(text(value))}"


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _as_older_versions(names: list[str], parameters: Mapping[str, Any], most: float) -> list[str]:
    """Nothing where they raise."""
    try:
        pieces = []
        for name in names:
            holds = _holds_objects(one := parameters[name])
            pieces.append(_sorted(name, one, most) if holds else _top(name, one, most))
    except NotRubyError:
        return []
    return [_joined(pieces, most)]


def _sorted(name: str, values: list[Any], most: float) -> str:
    """The name repeated, its values sorted as values; an empty array still gives the name."""
    if not _is_shallow(values, 2):
        raise NotNormalError("nested too deeply")
    finished = f"{_escaped(name)}="
    if len(finished) * len(values) > most:
        raise TooLongError("too long")
    texts = _all_escaped(list(map(printed, in_order(values or [None]))))
    return "&".join([finished + one for one in texts])


def _is_shallow(values: Iterable[Any], depth: int) -> bool:
    inner = [one for one in values if one.__class__ is list or one.__class__ is dict]
    if not inner:
        return depth <= DEEPEST
    return all(_is_shallow(one.values() if one.__class__ is dict else one, depth + 1) for one in inner)


def _nested(name: str, value: Any, most: float) -> list[str]:
    """The finished pairs below a name, sorted as text. Most of a verification's time is spent here."""
    names: list[str] = []
    values: list[str] = []
    _flatten(name, value, 2, names, values, most)
    if len(names) < 2:
        return [one + _escaped(values[0]) for one in names]
    pairs = list(map(add, names, _all_escaped(values)))
    # Names that are all different decide the order alone, and come again with each event of their type.
    if len(pairs) > _MANY or sum(map(len, names)) > _LONG:
        return sorted(pairs)
    order = _order(tuple(names))
    return sorted(pairs) if order is None else list(order(pairs))


def _flatten(name: str, value: Any, depth: int, names: list[str], values: list[str], left: float) -> float:
    """Each scalar below a name: its finished name with the equals sign, and its text.

    `left`: how many characters of names may still be written; what is left of them is returned.
    """
    left -= len(name) * len(value)  # each name inside begins with this one
    if left < 0:
        raise TooLongError("too long")
    if depth > DEEPEST:
        raise NotNormalError("nested too deeply")
    finished = _finished(name) if len(name) <= _SHORT else _Finished(name)
    inside = value.items() if value.__class__ is dict else [("", one) for one in value]
    for key, one in inside:
        kind = one.__class__
        if kind is dict or kind is list:
            left = _flatten(finished[key][:-1], one, depth + 1, names, values, left)
        else:
            names.append(finished[key])
            values.append(one if kind is str else "" if one is None else text(one))
    return left


class _Finished(dict[str, str]):
    """What stands before the value of each key below one name: `parent%5Bkey%5D=`, remembered."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __missing__(self, key: str) -> str:
        made = f"{self._name}%5B{_escaped(key)}%5D="
        if len(key) <= _SHORT and len(self) < _MANY:
            self[key] = made
        return made


_finished = lru_cache(maxsize=64)(_Finished)


@lru_cache(maxsize=256)
def _order(names: tuple[str, ...]) -> Callable[[list[str]], tuple[str, ...]] | None:
    """What puts pairs with these names in order; None where a name comes twice, and its values decide."""
    if len(set(names)) < len(names):
        return None
    return itemgetter(*sorted(range(len(names)), key=names.__getitem__))


def _all_escaped(values: list[str]) -> list[str]:
    """Escaped in one go, joined by a character that needs none; one by one where a value holds it."""
    found = _escaped("~".join(values)).split("~")
    return found if len(found) == len(values) else [_escaped(one) for one in values]


def _escaped(value: str) -> str:
    """Percent-encoded, byte by byte, but for RFC 3986's unreserved characters."""
    if _plain(value):
        return value
    if value.isascii():
        found = value
        for character, code in _COMMON:
            if character in found:
                found = found.replace(character, code)
        if _plain_or_code(found):
            return found
    return "".join(map(_CODES.__getitem__, value.encode()))
