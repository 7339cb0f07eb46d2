"""What the pages of imports say: states, counts, titles. Pure; imports the kinds and the kernel's numbers."""

from __future__ import annotations

from typing import Any

from partnerportal.console.words import Word
from partnerportal.kernel.numbers import counted
from partnerportal.records.imports import worth
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.money import totals
from partnerportal.records.models import Import

STATES: dict[str, Word] = {
    Import.State.CHECKING: Word("Being checked", "blue", "hourglass_top"),
    Import.State.REFUSED: Word("Can't be read", "red", "error"),
    Import.State.CHECKED: Word("Ready to import", "orange", "rule"),
    Import.State.IMPORTING: Word("Importing", "blue", "arrow_downward"),
    Import.State.DONE: Word("Imported", "green", "check"),
    Import.State.CANCELLED: Word("Cancelled", "grey", "block"),
    Import.State.UNDONE: Word("Undone", "grey", "undo"),
}
COUNTS = (
    ("new", "new"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
    ("not_valid", "not valid"),
    ("maybe", "maybe already here"),
)
_SKIPPED = {
    "blank": ("blank line", "blank lines"),
    "totals": ("totals line", "totals lines"),
    "transfer": ("transfer between payers", "transfers between payers"),
    "header": ("repeated header", "repeated headers"),
}


def word(file_import: Import) -> Word:
    """Its state; an import that left rows out says so."""
    left = left_out(file_import)
    if file_import.state == Import.State.DONE and left:
        return Word(f"Imported, {left:,} left out", "orange", "rule")
    return STATES[Import.State(file_import.state)]


def left_out(file_import: Import) -> int:
    counts = file_import.facts.get("result", {})
    return int(counts.get("not_valid", 0) + counts.get("maybe", 0))


def counts(file_import: Import) -> list[tuple[int, str]]:
    """What the preview found, or once it is in, what became of the rows."""
    facts = file_import.facts
    found: dict[str, Any] = facts.get("result") or facts.get("counts") or {}
    money = KINDS[file_import.kind].is_money  # told by its numbers alone: nothing of it is maybe here
    return [(found.get(key, 0), label) for key, label in COUNTS if not (money and key == "maybe")]


def made_of(noun: str, number: int) -> str:
    """ "140 invoices": records, where a file's rows may be something else."""
    return counted(number, noun.replace("_", " "))


def import_label(file_import: Import, number: int) -> str:
    """ "Import 140 invoices and 12 payments"; where only values change, how many rows say so."""
    kind = KINDS[file_import.kind]
    sums = file_import.facts.get("totals", {})
    new = [counted(sums[noun], noun[:-1]) for noun in ("invoices", "payments") if sums.get(noun)]
    return f"Import {' and '.join(new) or of_many(kind, number)}"


def comes_to(file_import: Import) -> list[str]:
    """What a file of money amounts to."""
    return totals.sentences(file_import.facts.get("totals", {}))


def of_many(kind: Kind, number: int) -> str:
    return counted(number, kind.one, kind.many)


def summary(file_import: Import) -> list[str]:
    """ "300 rows", "CSV, comma, UTF-8", "dates year-month-day", "12 of 18 columns used"."""
    facts = file_import.facts
    if "rows" not in facts:
        return []
    told = [counted(facts["rows"], "row"), facts["words"]]
    if facts["dates"]:
        told.append(f"dates {facts['dates']}")
    return [*told, f"{facts['used']} of {counted(facts['columns'], 'column')} used"]


def undone(file_import: Import, made: int, changed: int) -> str:
    """ "3 patients it made are gone from North Clinic, 1 record it changed is as it was." """
    enterprise = file_import.enterprise
    place = f" from {enterprise.name or enterprise.short_id}" if enterprise else ""
    gone = f"{made_of(KINDS[file_import.kind].noun, made)} it made {'is' if made == 1 else 'are'} gone{place}"
    back = f"{counted(changed, 'record')} it changed {'is as it was' if changed == 1 else 'are as they were'}"
    return f"{', '.join([*([gone] if made else []), *([back] if changed else [])])}."


def repaired(file_import: Import) -> list[str]:
    facts = file_import.facts
    skipped = [counted(n, *_SKIPPED[key]) + " left out" for key, n in facts.get("skipped", {}).items()]
    return [*worth.repairs(facts.get("repaired", {})), *skipped]


def worth_knowing(file_import: Import) -> list[str]:
    told = worth.sentences(file_import.facts.get("worth", {}))
    told += totals.worth_knowing(file_import.facts.get("totals", {}))
    layout, kind = file_import.layout, KINDS[file_import.kind]
    if layout.get("secret") and not any(c.is_secret and c.name in layout["mapping"] for c in kind.columns):
        told.append("the SSN column is left out: this enterprise does not allow SSNs")
    return told
