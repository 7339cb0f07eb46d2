"""Bodies that a stranger posts to make verifying dear: families by size, and a search for the worst.

Each family is one way to get much work out of few bytes. `fill` repeats a piece up to a size in bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from tests.signature.known import KNOWN_BODY


def plain(size: int) -> bytes:
    """An ordinary event of about that size: the vendor's own, with more attributes of the same kind."""
    event = json.loads(KNOWN_BODY)
    known = [value for value in event["event_data"]["object"].values() if isinstance(value, str)]
    missing, pieces, step = size - len(KNOWN_BODY), list[str](), max(30, size // 2_000)
    while missing > 0:
        value = f"{known[len(pieces) % len(known)]}, and so on. "
        text = (value * (step // len(value) + 1))[:step]
        pieces.append(f'"attribute_{len(pieces)}":{json.dumps(text)},')
        missing -= len(pieces[-1])
    return KNOWN_BODY.replace(b'"object":{', b'"object":{' + "".join(pieces).encode(), 1)


def fill(start: str, piece: Callable[[int], str], end: str, size: int) -> bytes:
    """`start`, as many pieces as fit, joined by commas, `end`."""
    pieces, left, number = [], size - len((start + end).encode()), 0
    while left > 0:
        pieces.append(piece(number))
        left, number = left - len(pieces[-1].encode()) - 1, number + 1
    return (start + ",".join(pieces[:-1] or pieces) + end).encode()


def _deep(opening: str, closing: str) -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        depth = size // (len(opening) + len(closing))
        return (f'{{"a":{opening * depth}1{closing * depth}}}').encode()

    return make


def _many(start: str, piece: Callable[[int], str], end: str) -> Callable[[int], bytes]:
    return lambda size: fill(start, piece, end, size)


def _long_name(inside: Callable[[int], str], start: str, end: str) -> Callable[[int], bytes]:
    """Half the size is one name, the other half what repeats it."""

    def make(size: int) -> bytes:
        return fill(f'{{"{"a" * (size // 2)}":{start}', inside, f"{end}}}", size)

    return make


def _scattered(number: int) -> int:
    return number * 7919 % 100_003


FAMILIES: dict[str, Callable[[int], bytes]] = {
    "one long name, a nested array": _long_name(lambda _: "1", '{"b":[', "]}"),
    "one long name, an array at the top": _long_name(lambda _: "1", "[", "]"),
    "one long name, many keys": _long_name(lambda n: f'"{n}":1', "{", "}"),
    "one long name, empty containers": _long_name(lambda n: f'"{n}":[]', "{", "}"),
    "one long name, containers of empties": _long_name(lambda n: f'"{n}":[[]]', "{", "}"),
    "a nested long name": _many('{"a":{"' + "b" * 5000 + '":{', lambda n: f'"{n}":{{"c":1}}', "}}}"),
    "long names that differ": _many('{"a":{', lambda n: f'"{"x" * 120}{n}":{{"c":{{"d":[1]}}}}', "}}"),
    "arrays in arrays": _deep("[", "]"),
    "objects in objects": _deep('{"a":', "}"),
    "arrays of one hundred levels": _many('{"a":[', lambda _: "[" * 97 + "1" + "]" * 97, "]}"),
    "objects of ninety levels": _many('{"a":[', lambda _: '{"b":' * 90 + "1" + "}" * 90, "]}"),
    "numbers at the top": _many('{"a":[', lambda n: str(_scattered(n)), "]}"),
    "small numbers at the top": _many('{"a":[', lambda n: str(n * 7 % 10), "]}"),
    "floats at the top": _many('{"a":[', lambda n: f"{_scattered(n)}.5e-9", "]}"),
    "texts at the top": _many('{"a":[', lambda n: f'"{_scattered(n)}"', "]}"),
    "arrays at the top": _many('{"a":[', lambda n: f"[{_scattered(n)}]", "]}"),
    "small arrays at the top": _many('{"a":[', lambda n: f"[{n * 7 % 10}]", "]}"),
    "empty arrays at the top": _many('{"a":[', lambda _: "[]", "]}"),
    "flags in arrays at the top": _many('{"a":[', lambda n: f"[true,{_scattered(n)}]", "]}"),
    "objects at the top": _many('{"a":[', lambda n: f'{{"b":{n % 10}}}', "]}"),
    "empty objects at the top": _many('{"a":[', lambda _: "{}", "]}"),
    "equal objects in arrays at the top": _many('{"a":[', lambda _: '[{"b":[1]}]', "]}"),
    "long equal beginnings": _many('{"a":[', lambda n: f"[{'1,' * 99}{_scattered(n)}]", "]}"),
    "names at the top": _many("{", lambda n: f'"{n}":1', "}"),
    "names of empty objects at the top": _many("{", lambda n: f'"{n}":{{}}', "}"),
    "names of small objects at the top": _many("{", lambda n: f'"{n}":{{"b":1}}', "}"),
    "one name again and again": _many("{", lambda n: f'"a":{n}', "}"),
    "one nested name again and again": _many('{"a":{', lambda n: f'"b":"{n}"', "}}"),
    "nested names": _many('{"a":{', lambda n: f'"{n}":1', "}}"),
    "nested flags": _many('{"a":{"b":[', lambda _: "true", "]}}"),
    "nested nulls": _many('{"a":{"b":[', lambda _: "null", "]}}"),
    "nested empties": _many('{"a":{"b":[', lambda _: "[]", "]}}"),
    "nested small numbers": _many('{"a":{"b":[', lambda n: str(n % 10), "]}}"),
    "nested tildes": _many('{"a":{"b":[', lambda _: '"~"', "]}}"),
    "huge numbers": _many('{"a":[', lambda n: f"{n + 1}{'7' * 4200}", "]}"),
    "huge numbers in arrays": _many('{"a":{"b":[', lambda n: f"{n + 1}{'7' * 4200}", "]}}"),
    "a number too long to read": lambda size: b'{"a":' + b"7" * (size - 6) + b"}",
    "a float of many digits": lambda size: b'{"a":0.' + b"7" * (size - 8) + b"}",
    "a float of many zeros": lambda size: b'{"a":0.' + b"0" * (size - 9) + b"1}",
    "floats beyond everything": _many('{"a":{"b":[', lambda _: "1e999999999", "]}}"),
    "text that is escaped": lambda size: b'{"a":"' + b"(" * (size - 8) + b'"}',
    "text of two bytes each": lambda size: b'{"a":"' + "é".encode() * (size // 2 - 5) + b'"}',
    "text by turns": lambda size: b'{"a":"' + "éa".encode() * (size // 3 - 5) + b'"}',
    "text of four bytes each": lambda size: b'{"a":"' + "😀".encode() * (size // 4 - 5) + b'"}',
    "escaped text made wide by one": lambda size: (
        '{"a":{"b":"😀'.encode() + b"(" * (size - 20) + b'"}}'
    ),
    "text in an array at the top": lambda size: b'{"a":[["' + b"#" * (size - 12) + b'"]]}',
    "control characters inspected": lambda size: b'{"a":[["' + b"\\u200b" * (size // 6 - 3) + b'"]]}',
    "wide text inspected": lambda size: b'{"a":[["' + "éa".encode() * (size // 3 - 5) + b'"]]}',
    "inspected, one hundred levels": lambda size: (
        b'{"a":' + b"[" * 98 + b'"' + b'\\"' * (size // 2 - 110) + b'"' + b"]" * 98 + b"}"
    ),
    "a name that is escaped": lambda size: b'{"' + b"(" * (size // 2) + b'":{"(":1}}',
    "blanks": lambda size: b"{" + b" " * (size - 2) + b"}",
    "one unfinished text": lambda size: b'{"a":"' + b"\\" * (size - 6),
}  # fmt: skip


def random(chance: Random, size: int) -> bytes:
    """A mixture of two families' pieces below one object: what no family has by itself."""
    names = [name for name in FAMILIES if name != "one unfinished text"]
    parts = [FAMILIES[chance.choice(names)](max(200, size // 2)) for _ in range(2)]
    inner = b",".join(b'"%d":%s' % (number, part) for number, part in enumerate(parts))
    return b'{"event_data":{%s}}' % inner if chance.random() < 0.5 else b"{%s}" % inner
