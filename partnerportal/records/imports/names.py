"""A name in one cell, split into its parts. Imports nameparser only."""

from __future__ import annotations

from nameparser import HumanName

from partnerportal.records.imports.kinds import Values

LAST = ("lastname", "last", "surname", "lname", "familyname")
FIRST = ("firstname", "first", "fname", "givenname", "forename")
MIDDLE = ("middlename", "middle", "middleinitial", "mi", "mname")


def split_name(values: Values) -> list[str]:
    """`full_name` → first, middle, last, where the file has no parts of its own. Digits in names stay."""
    whole = values.pop("full_name", None)
    if not whole or values.get("last_name"):
        return []
    name = HumanName(whole)
    last, first = (name.last, name.first) if name.last else (name.first, "")
    parts = {"first_name": first, "middle_name": name.middle, "last_name": last, "suffix": name.suffix}
    values.update({part: text for part, text in parts.items() if text and not values.get(part)})
    return ["name"]
