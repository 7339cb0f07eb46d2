"""Kind: what a file's rows become, and the columns it may have. Pure values; one file a kind beside this one.

A column's `words` are headings in the form that `columns.word_of` gives ("Chart #" is "chartnumber"),
the most telling one first: it wins where two headings of a file fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from partnerportal.records import zips
from partnerportal.records.imports import cells
from partnerportal.records.imports.cells import Reader
from partnerportal.records.models import Mirror
from partnerportal.records.rules import NAME_LIMIT

Values = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One thing that a file may say. `name` is our attribute, or a word that the kind's `finish` resolves."""

    name: str
    label: str
    words: tuple[str, ...]
    read: Reader = cells.plain
    is_date: bool = False
    is_name: bool = False  # "None" and "Null" are people's names
    is_secret: bool = False  # never quoted back
    limit: int = 255  # of a name: NAME_LIMIT at most

    def __post_init__(self) -> None:
        if self.is_name:
            object.__setattr__(self, "limit", NAME_LIMIT)


@dataclass(frozen=True)
class Kind:
    """`keys`: attributes that say who a row is, strongest first; `same`: columns that do without a key.

    `likeness`: what two records share that are perhaps one; None where a record has too little of it.
    """

    name: str  # "patients": stored with the import
    noun: str
    one: str
    many: str
    model: type[Mirror]
    columns: tuple[Column, ...]
    required: tuple[str, ...]  # one of these columns must be there
    keys: tuple[str, ...]
    same: tuple[str, ...]
    likeness: Callable[[Any], tuple[Any, ...] | None]
    finish: Callable[[Values], list[str]] = lambda values: []  # in place; gives keys of REPAIRS
    inside_enterprise: bool = True
    is_money: bool = False  # whole visits go in, each with its lines and payments
    optional: tuple[str, ...] | None = None  # columns a person may leave empty; None: see may_be_empty

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def may_be_empty(self, name: str) -> bool:
        """Whether a refused cell of it can be left empty: never a name, nor what says who a row is."""
        if self.optional is not None:
            return name in self.optional
        known = next((column for column in self.columns if column.name == name), None)
        needed = (*self.required, *self.keys, "organization")
        return known is not None and not known.is_name and name not in needed

    @property
    def permission(self) -> str:
        return f"records.add_{self.noun}"


ADDRESS_WORDS: dict[str, tuple[str, ...]] = {
    "address_line_1": (
        "addressline1", "address1", "streetaddress", "address", "street", "street1", "addr1", "addr",
        "mailingaddress", "homeaddress",
    ),
    "address_line_2": ("addressline2", "address2", "addr2", "street2", "apt", "unit", "suite", "aptsuite"),
    "city": ("city", "town", "municipality", "homecity"),
    "state": ("state", "statecode", "stateprovince", "province", "st", "homestate"),
    "zip": ("zip", "zipcode", "postalcode", "postcode", "postal", "zippostal", "zip5", "homezip"),
}  # fmt: skip


def address_columns() -> tuple[Column, ...]:
    labels = {
        "address_line_1": "Address", "address_line_2": "Address, second line", "city": "City",
        "state": "State", "zip": "ZIP",
    }  # fmt: skip
    readers = {"state": cells.state}
    return tuple(
        Column(name, labels[name], words, readers.get(name, cells.plain))
        for name, words in ADDRESS_WORDS.items()
    )


def finish_address(values: Values) -> list[str]:
    """The ZIP last, because whether a zero is missing depends on the state."""
    if not values.get("zip"):
        return []
    value, repaired = zips.repaired(values["zip"], str(values.get("state") or ""))
    if value:
        values["zip"] = value
    else:
        del values["zip"]  # as an empty cell: it says nothing, and erases nothing
    return [repaired] if repaired else []


def folded(*parts: Any) -> tuple[str, ...]:
    """Names compared without case and surplus space."""
    return tuple(" ".join(str(part or "").casefold().split()) for part in parts)
