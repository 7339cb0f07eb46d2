"""One event in other spellings that its signature covers too, by lot: what whoever saw a call can send."""

from __future__ import annotations

import contextlib
import json
from random import Random
from typing import Any

from integrations.inboxhealth import ruby

BLANKS = ["", "", " ", "\n", "\t ", "\r\n  "]


def spelled(event: dict[str, Any], chance: Random) -> str:
    """The same event as JSON text, with a few liberties taken."""
    return _object({name: _at_top(value, chance) for name, value in event.items()}, chance, top=True)


def _at_top(value: Any, chance: Random) -> Any:
    """A value that stands alone at the top may stand in an array; nothing may be an empty one."""
    if isinstance(value, dict):
        return value
    if value is None and chance.random() < 0.5:
        return chance.choice([[], [None], [""]])
    return [_scalar(value, chance)] if chance.random() < 0.3 else value


def _object(values: dict[str, Any], chance: Random, *, top: bool = False) -> str:
    pairs = [(name, _value(value, chance)) for name, value in values.items()]
    if not top:
        pairs += [
            (f"none_{number}", chance.choice(["[]", "{}", "[[]]"]))
            for number in range(chance.choice([0, 0, 2]))
        ]
    chance.shuffle(pairs)
    if pairs and chance.random() < 0.3:  # of a name that comes twice the last one counts
        pairs.insert(0, (pairs[-1][0], chance.choice(["1", "null", '"x"', "[]"])))
    gap = chance.choice(BLANKS)
    return (
        "{"
        + gap
        + f",{gap}".join(f"{_text(name, chance)}{gap}:{gap}{one}" for name, one in pairs)
        + gap
        + "}"
    )


def _value(value: Any, chance: Random) -> str:
    if isinstance(value, dict):
        return _object(value, chance)
    if isinstance(value, list):
        return "[" + ",".join(_value(one, chance) for one in value) + "]"
    found = _scalar(value, chance)
    if isinstance(found, str):
        return _text(found, chance)
    if isinstance(found, float) and "e" not in repr(found):
        return repr(found) + "0" * chance.choice([0, 1, 3])
    return json.dumps(found)


def _scalar(value: Any, chance: Random) -> Any:
    """1 or "1", true or "true", nothing or "": each as it came, or as the other."""
    if chance.random() < 0.5:
        return value
    if not isinstance(value, str):
        return ruby.text(value)
    others: list[Any] = [None, True, False]
    with contextlib.suppress(ValueError, OverflowError):
        others += [int(value), float(value)]
    return next((other for other in others if ruby.text(other) == value), value)


def _text(value: str, chance: Random) -> str:
    """Any character may be escaped."""
    if chance.random() < 0.6:
        return json.dumps(value, ensure_ascii=chance.random() < 0.5)
    pieces = [
        f"\\u{ord(one):04x}" if chance.random() < 0.3 and ord(one) < 0xD800 else json.dumps(one)[1:-1]
        for one in value
    ]
    return '"' + "".join(pieces).replace("/", "\\/") + '"'
