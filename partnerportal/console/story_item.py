"""One dated item of a record's story. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Change:
    """One field: its label, was and now as text. `values` false: it changed, and no more is said."""

    label: str
    was: str = ""
    now: str = ""
    values: bool = True


@dataclass(frozen=True)
class Item:
    """`kind` is edit, delivery, exchange or entry. `href` leads to its page, named by `name`.

    `cause`: the short id of what brought it without a click, "EV-1"; `why`: what a person wrote.
    """

    at: datetime
    kind: str
    icon: str
    sentence: str
    who: str = ""
    cause: str = ""
    why: str = ""
    key: str = ""
    name: str = ""
    href: str = ""
    word: str = ""
    colour: str = "grey"
    changes: list[Change] = field(default_factory=list)
