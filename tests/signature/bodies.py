"""Random webhook bodies as JSON text: all that the normalisation treats in a way of its own."""

from __future__ import annotations

import json
from random import Random

NAMES = [
    "id",
    "object",
    "event_data",
    "a",
    "A",
    "a b",
    "é",
    "x[y]",
    "",
    "a-b",
    "a.b",
    "zip",
    "links",
    "日本",
    "a=b&c",
]
TEXTS = [
    "", "Ed", "é", "weirded@edisons.com", "(555) 555-5555", "2019-08-24T23:08:14.691Z", "10% & more=+/",
    "~-._", "日本語", "😀", "line\nline", "tab\t", "quote\"s'", "back\\slash", "null", "a#{b} #$c #@d #e",
    "\u0000", "\x7f", "\u200b", "ÿ", "\x1b\a", "ß~ß",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "1", "9", "10", "2", "-7", "12345678901234567890123", "-98765432109876543210", "0.1", "1e-5",
    "1E-05", "1e20", "100000.0", "1e5", "1e15", "1e16", "123456789012345680.0", "0.0001", "-0.0", "1.5e-7",
    "2.5e100", "5e-324", "1e400", "-1e400", "6.35", "0.30000000000000004", "1.7976931348623157e308", "3.0",
]  # fmt: skip


def body(chance: Random) -> str:
    """One object; now and then with arrays at the top, deep nesting, or a name twice."""
    return _object(chance, depth=0, width=chance.choice([1, 3, 6]))


def _object(chance: Random, depth: int, width: int) -> str:
    pairs = [f"{_quoted(chance, chance.choice(NAMES))}:{_value(chance, depth)}" for _ in range(width)]
    return "{" + ",".join(pairs) + "}"


def _value(chance: Random, depth: int) -> str:
    if depth < 5 and chance.random() < 0.3:
        return _object(chance, depth + 1, chance.choice([0, 1, 2, 4]))
    if depth < 5 and chance.random() < 0.3:
        return _array(chance, depth)
    return _scalar(chance)


def _array(chance: Random, depth: int) -> str:
    """Of one kind mostly: the library orders no mixtures at the top."""
    length = chance.choice([0, 0, 1, 2, 2, 4])
    kind = chance.choice(["texts", "numbers", "objects", "arrays", "mixed", "literals"])
    one = {
        "texts": lambda: _text(chance),
        "numbers": lambda: _number(chance),
        "objects": lambda: _object(chance, depth + 1, chance.choice([0, 1, 2])),
        "arrays": lambda: _array(chance, depth + 1) if depth < 5 else "[]",
        "mixed": lambda: _value(chance, depth + 1),
        "literals": lambda: chance.choice(["null", "true", "false"]),
    }[kind]
    return f"[{','.join(one() for _ in range(length))}]"


def _scalar(chance: Random) -> str:
    return chance.choice([_text, _text, _number, lambda _: chance.choice(["null", "true", "false"])])(chance)


def _text(chance: Random) -> str:
    if chance.random() < 0.3:
        return _quoted(chance, "".join(chr(_code(chance)) for _ in range(chance.randint(0, 8))))
    return _quoted(chance, chance.choice(TEXTS))


def _code(chance: Random) -> int:
    """A character that has been in Unicode for long, so that both languages' tables know it."""
    return chance.choice(
        [chance.randint(1, 0x7E), chance.randint(0xA1, 0x24F), chance.randint(0x4E00, 0x9FA5)]
    )


def _number(chance: Random) -> str:
    if chance.random() < 0.3:
        return repr(chance.uniform(-1, 1) * 10.0 ** chance.randint(-12, 25))
    if chance.random() < 0.2:
        return str(chance.randint(-(10**30), 10**30))
    return chance.choice(NUMBERS)


def _quoted(chance: Random, text: str) -> str:
    return json.dumps(text, ensure_ascii=chance.random() < 0.5)
