"""A JSON object as the one line of text that webhook signatures cover: Ruby's `OAuth::Helper.normalize`.

Source: contract, section 6; where words and library differ the library is right, and `make signature-check`
holds this to it. Pure; imports ruby only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import add, itemgetter
from typing import Any

from integrations.inboxhealth.ruby import NotRubyError, in_order, printed, text

DEEPEST = 100
"""Ruby's JSON reads no deeper, the outermost object included."""
_plain = re.compile(r"[A-Za-z0-9\-._~]*").fullmatch
_plain_or_code = re.compile(r"[A-Za-z0-9\-._~%]*").fullmatch
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~%]+")
# The percent sign first: it is in what the others become.
_COMMON = [(one, f"%{ord(one):02X}") for one in "% :()+@/"]
# What is remembered of names that strangers may choose is little.
_MANY, _LONG, _SHORT = 512, 32_768, 100


class NotNormalError(ValueError):
    """The library could not write these parameters as text either."""


def normalized(parameters: Mapping[str, Any]) -> list[str]:
    """The text, or both texts where versions of the library differ. Raises NotNormalError.

    They differ in arrays of objects at the top level only: newer ones write them like any nested array,
    older ones sort and print them.
    """
    names = sorted(parameters)
    try:
        found = ["&".join([_top(name, parameters[name]) for name in names])]
    except (NotRubyError, UnicodeEncodeError) as problem:
        raise NotNormalError(str(problem)) from problem
    if any(map(_holds_objects, parameters.values())):
        found += _as_older_versions(names, parameters)
    return found


def _top(name: str, value: Any) -> str:
    """What belongs to one name at the top, as newer versions write it."""
    if value.__class__ is str:
        return f"{_escaped(name)}={_escaped(value)}"
    if isinstance(value, dict) or _holds_objects(value):
        return "&".join(_nested(_escaped(name), value, 2))
    if isinstance(value, list):
        return _sorted(name, value)
    return f"{_escaped(name)}={_escaped(text(value))}"


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _as_older_versions(names: list[str], parameters: Mapping[str, Any]) -> list[str]:
    """Nothing where they raise."""
    try:
        pieces = [
            _sorted(name, one) if _holds_objects(one := parameters[name]) else _top(name, one)
            for name in names
        ]
    except NotRubyError:
        return []
    return ["&".join(pieces)]


def _sorted(name: str, values: list[Any]) -> str:
    """The name repeated, its values sorted as values; an empty array still gives the name."""
    return "&".join([f"{_escaped(name)}={_escaped(printed(one))}" for one in in_order(values or [None])])


def _nested(name: str, value: Any, depth: int) -> list[str]:
    """The finished pairs below a name, sorted as text. Most of a verification's time is spent here."""
    names: list[str] = []
    values: list[str] = []
    _flatten(name, value, depth, names, values)
    pairs = list(map(add, names, _all_escaped(values)))
    # Names that are all different decide the order alone, and come again with each event of their type.
    if len(pairs) > _MANY or sum(map(len, names)) > _LONG or len(pairs) < 2:
        return sorted(pairs)
    order = _order(tuple(names))
    return sorted(pairs) if order is None else list(order(pairs))


def _flatten(name: str, value: Any, depth: int, names: list[str], values: list[str]) -> None:
    """Each scalar below a name: its finished name with the equals sign, and its text."""
    if depth > DEEPEST:
        raise NotNormalError("nested too deeply")
    finished = _finished(name) if len(name) <= _SHORT else _Finished(name)
    inside = value.items() if value.__class__ is dict else [("", one) for one in value]
    for key, one in inside:
        kind = one.__class__
        if kind is dict or kind is list:
            _flatten(finished[key][:-1], one, depth + 1, names, values)
        else:
            names.append(finished[key])
            values.append(one if kind is str else "" if one is None else text(one))


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
    for character, code in _COMMON:
        if character in value:
            value = value.replace(character, code)
    return value if _plain_or_code(value) else _UNSAFE.sub(_percent, value)


def _percent(found: re.Match[str]) -> str:
    return "".join([f"%{one:02X}" for one in found[0].encode()])
