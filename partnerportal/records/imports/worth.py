"""What is worth knowing about a file before it goes in: minors, deaths, people nothing reaches. Pure."""

from __future__ import annotations

from datetime import date

from partnerportal.kernel.numbers import counted
from partnerportal.records.imports.cells import REPAIRS
from partnerportal.records.imports.kinds import Kind, Values

_WAYS = ("cell_phone", "home_phone", "work_phone", "email")
_ADULT = 18


def notes(kind: Kind, values: Values, today: date) -> list[str]:
    """Keys of SENTENCES that apply to one row."""
    if kind.noun != "patient":
        return []
    found = ["died"] if values.get("died") else []
    if _is_minor(values.get("date_of_birth"), today):
        found.append("minor")
    if not values.get("zip"):
        found.append("no_zip")
        if not any(values.get(way) for way in _WAYS):
            found.append("unreachable")
    return found


_SENTENCES = (  # key, after "1", after any other number; most telling first
    ("died", "has a date of death", "have a date of death"),
    ("minor", f"is under {_ADULT}", f"are under {_ADULT}"),
    ("no_zip", "has no ZIP, no paper statement reaches them", "have no ZIP, no paper statement reaches them"),
    ("unreachable", "has no phone, e-mail or ZIP", "have no phone, e-mail or ZIP"),
)


def sentences(worth: dict[str, int]) -> list[str]:
    """The counts in words: "38 are under 18"."""
    return [counted(worth[key], one, several) for key, one, several in _SENTENCES if worth.get(key)]


def repairs(repaired: dict[str, int]) -> list[str]:
    """ "41 ZIPs got their leading zero back"."""
    return [counted(repaired[key], *words) for key, words in REPAIRS.items() if repaired.get(key)]


def _is_minor(born: date | None, today: date) -> bool:
    if born is None:
        return False
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < _ADULT
