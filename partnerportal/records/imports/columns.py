"""Which column of a file is which of ours. Pure.

A mapping is {our name: place in the row}. What is not recognised is listed, and can be said by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Layout
from collections.abc import Sequence
from typing import Any

from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.refusal import ColumnsMissing

Mapping = dict[str, int]
# What the portal puts before the file's own columns in the file of rows to correct.
ADDED = ["Line", "What is wrong"]
_PREFIXES = ("patient", "pt", "provider", "doctor", "organization", "enterprise", "client")


def word_of(heading: str) -> str:
    """ "Chart #" is "chartnumber", "Zip_Code" is "zipcode"."""
    return re.sub(r"[^a-z0-9]", "", heading.lower().replace("#", " number "))


def recognise(kind: Kind, headings: Sequence[str]) -> Mapping:
    """Each of our columns takes the heading that fits it best; a heading serves one column."""
    words = [word_of(heading) for heading in headings]
    offers = sorted(
        (rank, number, place)
        for number, column in enumerate(kind.columns)
        for place, word in enumerate(words)
        if (rank := _rank(column.words, word)) is not None
    )
    mapping: Mapping = {}
    taken: set[int] = set()
    for _, number, place in offers:
        name = kind.columns[number].name
        if name not in mapping and place not in taken:
            mapping[name] = place
            taken.add(place)
    return mapping


def unused(headings: Sequence[str], mapping: Mapping) -> list[int]:
    """Places of the columns that serve nothing; not those that the portal itself put into the file."""
    ours = range(len(ADDED)) if list(headings[: len(ADDED)]) == ADDED else range(0)
    return [place for place in range(len(headings)) if place not in mapping.values() and place not in ours]


def said(layout: Layout[str, Any]) -> Mapping | None:
    """What a person said of an import's columns: for this file, else once before for its enterprise."""
    found = layout.get("chosen") or (layout.get("recalled") or {}).get("mapping")
    return dict(found) if found else None


def score(kind: Kind, cells: Sequence[str]) -> int:
    """How many cells of a row are known headings: what finds header and delimiter."""
    return len(recognise(kind, cells)) if len(cells) <= 300 else 0


def require(kind: Kind, headings: Sequence[str], mapping: Mapping) -> None:
    """Raises ColumnsMissing where the file has no column for what no row can do without."""
    if not any(name in mapping for name in kind.required):
        label = kind.column(kind.required[0]).label.lower()
        listed = ", ".join(heading for heading in headings if heading) or "(no headings)"
        raise ColumnsMissing(f"No column for {label} among: {listed}")


def _rank(words: tuple[str, ...], word: str) -> int | None:
    """Lower is better; a noun before the heading ("Patient First Name") costs a little."""
    if word in words:
        return words.index(word) * 2
    for prefix in _PREFIXES:
        if word.startswith(prefix) and word.removeprefix(prefix) in words:
            return words.index(word.removeprefix(prefix)) * 2 + 1
    return None
