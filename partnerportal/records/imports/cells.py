"""One cell → one value, by what its column holds; what was repaired is said. Pure.

A reader takes the cleaned text of a filled cell and gives a Cell; it raises BadCell. What our forms demand
beyond that (a real state, five digits) is `records.rules`, for files and forms alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from partnerportal.records import zips
from partnerportal.records.imports.refusal import BadCell
from partnerportal.records.wire import canonical

PLACEHOLDERS = {"n/a", "#n/a", "null", "none", "-", "--", ".", "unknown", "(none)", "n.a."}
_YES = {"yes", "y", "true", "t", "1", "x"}
_NO = {"no", "n", "false", "f", "0"}
_MARITAL = {"m": "Married", "s": "Single", "d": "Divorced", "w": "Widowed"}


class Cell(NamedTuple):
    """A typed value, and the key of what was repaired on the way (see REPAIRS)."""

    value: Any
    repaired: str = ""


REPAIRS = {  # key → (one, several), after the number
    zips.ZERO_BACK: ("ZIP got its leading zero back", "ZIPs got their leading zero back"),
    zips.ONLY_ZEROS: ("ZIP of only zeros taken as empty", "ZIPs of only zeros taken as empty"),
    "state": ("state written as two letters", "states written as two letters"),
    "sex": ("M or F written out", "M or F written out"),
    "ssn": ("SSN got its leading zero back", "SSNs got their leading zero back"),
    "name": ("name split into first and last", "names split into first and last"),
    "minus": ("adjustment taken without its minus", "adjustments taken without their minus"),
    "repeat": ("repeated row taken once", "repeated rows taken once"),
}
Reader = Callable[[str], Cell]


def blank(text: str) -> bool:
    """An empty cell, or one of the words that systems write into empty cells. Not for names: Null is one."""
    return not text or text.lower() in PLACEHOLDERS


def plain(text: str) -> Cell:
    return Cell(text)


def email(text: str) -> Cell:
    return Cell(text.removeprefix("mailto:").lower())


def phone(text: str) -> Cell:
    """(203) 555-0101 where it has ten digits; else as it came, for the rules to refuse."""
    digits = str(canonical.phone(text) or "")
    return Cell(f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else text)


def state(text: str) -> Cell:
    found = str(canonical.state(text) or "")
    return Cell(found, "state" if len(found) == 2 and len(text) > 2 else "")


def sex(text: str) -> Cell:
    found = canonical.sex(text)
    if found not in {"Male", "Female"}:
        if text.lower() in {"u", "unknown"}:
            return Cell(None)
        raise BadCell("is not known here", "write Male or Female, or leave the cell empty")
    return Cell(found, "sex" if len(text) == 1 else "")


def ssn(text: str) -> Cell:
    """Never quoted back: the value of its problem stays empty (rows)."""
    digits = re.sub(r"\D", "", text)
    repaired = "ssn" if len(digits) == 8 and digits == text else ""
    digits = digits.zfill(9) if repaired else digits
    if len(digits) != 9:
        raise BadCell("is no SSN", "an SSN has nine digits; or leave the cell empty")
    return Cell(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}", repaired)


def marital(text: str) -> Cell:
    return Cell(_MARITAL.get(text.lower(), text))


def flag(text: str) -> Cell:
    word = text.lower()
    if word in _YES or word in _NO:
        return Cell(word in _YES)
    raise BadCell("is neither yes nor no", "write yes or no, or leave the cell empty")


def digits(text: str) -> Cell:
    return Cell(text.removesuffix(".0"))
