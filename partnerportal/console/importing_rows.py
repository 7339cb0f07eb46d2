"""Rows of an import as people read them, and as a file to correct. Imports formats and imports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from partnerportal.console import formats
from partnerportal.kernel.money import dollars
from partnerportal.records.imports import values
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.columns import ADDED
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.money.kinds import CHARGES
from partnerportal.records.imports.refusal import RowProblem
from partnerportal.records.models import Import, ImportRow, Mirror

_AMOUNTS = {
    "line_total_cents": "",
    "total_charge_amount_cents": " each",
    "covered_amount_cents": " covered",
    "insurance_owed_amount_cents": " owed by insurance",
    "tax_amount_cents": " tax",
    "paid_cents": " paid",
    "insurance_paid_cents": " paid by insurance",
    "balance_cents": "",
}
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def shown(rows: Iterable[ImportRow], found: Import, user: Any) -> list[dict[str, Any]]:
    """One dict a row: line, problems, changes, name and facts, and the record it is or may be."""
    listed = list(rows)
    kind = KINDS[found.kind]
    seen = kind.model.objects.visible_to(user).light()
    records = seen.in_bulk([row.record_id for row in listed if row.record_id])
    clear = user.has_perm("accounts.reveal_phi")
    return [_row(row, found.kind, records.get(row.record_id), clear) for row in listed]


def _row(row: ImportRow, kind_name: str, record: Mirror | None, clear: bool) -> dict[str, Any]:
    kind, said = KINDS[kind_name], row.content.get("shown", {})
    return {
        "row": row,
        "name": _name(said),
        "facts": _facts(said, clear),
        "record": record,
        "record_facts": _facts(_of(record), clear) if record else "",
        "record_name": _name(_of(record)) if record else "",
        "problems": [_problem(parts, clear) for parts in row.content.get("problems", [])],
        "changes": [
            (_label(kind, name), _said(name, was) if clear else "•••", _said(name, now) if clear else "•••")
            for name, was, now in row.content.get("changes", [])
        ],
    }


def _problem(parts: list[str], clear: bool) -> RowProblem:
    column, value, reason, remedy, *_ = parts
    return RowProblem(column, value if clear else "•••" if value else "", reason, remedy if clear else "")


def _name(said: dict[str, Any]) -> str:
    parts = [said.get(part) for part in ("first_name", "middle_name", "last_name")]
    whole = " ".join(part for part in parts if part) or str(said.get("name") or "")
    return whole or _visit(said)


def _visit(said: dict[str, Any]) -> str:
    """Of money: the claim and whose it is."""
    chart, claim = said.get("chart_no"), said.get("claim_number")
    told = [f"Claim {claim}" if claim else "", f"Chart no. {chart}" if chart else ""]
    return " · ".join(part for part in told if part)


def _label(kind: Kind, name: str) -> str:
    """An opening balance is a charge, of which its file knows nothing."""
    label = values.label(kind, name)
    return values.label(CHARGES, name) if label == name else label


def _said(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return dollars(value) if name.endswith("_cents") and isinstance(value, int) else value


def _of(record: Any) -> dict[str, Any]:
    names = ("first_name", "middle_name", "last_name", "name", "date_of_birth", "health_record_id", "npi")
    return {name: values.as_json(getattr(record, name, None)) for name in (*names, "source_id", "city")}


def _facts(said: dict[str, Any], clear: bool) -> str:
    """Birth date, chart number, ids: what tells two people of one name apart; of money, what and how much."""
    money = _money(said)
    if money:
        return " · ".join(money)
    born = str(said.get("date_of_birth") or "")
    if born:
        year, month, day = born.split("-")
        born = f"{month}/{day}/{year}" if clear else f"••/••/{year}"
    chart = said.get("health_record_id") or said.get("source_id")
    told = [born, f"no. {chart}" if chart else "", f"NPI {said['npi']}" if said.get("npi") else ""]
    return " · ".join(part for part in told if part) or str(said.get("city") or formats.NOT_KNOWN)


def _money(said: dict[str, Any]) -> list[str]:
    day = str(said.get("date_of_service") or said.get("paid_on") or "")
    what = " ".join(str(said[name]) for name in ("service_code", "description") if said.get(name))
    amounts = [f"{said.get('quantity')} units" if said.get("quantity", 1) != 1 else ""]
    for name, word in _AMOUNTS.items():
        if isinstance(said.get(name), int):
            amounts.append(f"{dollars(said[name])}{word}")
    if not any(amounts):
        return []
    day = "/".join((*day.split("-")[1:], day.split("-")[0])) if day else ""
    return [part for part in (day, what, *amounts, str(said.get("method") or "")) if part]


def left_empty(found: Import) -> dict[str, Any]:
    """Refused cells that can be left empty, and those that are: column, reason, number of rows."""
    kind, place = KINDS[found.kind], found.layout.get("mapping", {})
    headings = found.layout.get("headings", [])

    def said(name: str, reason: str, rows: int) -> dict[str, Any]:
        heading = headings[place[name]] if name in place else values.label(kind, name)
        return {"field": name, "reason": reason, "heading": heading, "rows": rows}

    number = {(name, reason): rows for name, reason, rows in found.layout.get("emptied", [])}
    chosen = [(name, reason) for name, reason in found.layout.get("leave_empty", [])]
    return {
        "offers": [said(*one) for one in found.layout.get("offers", [])],
        "emptied": [said(*one, number.get(one, 0)) for one in chosen],
    }


def to_correct(found: Import) -> Iterator[str]:
    """A CSV of the rows that are not valid, with line, reason and remedy before the file's own columns.

    What a spreadsheet would run as a formula gets an apostrophe, which reading takes off again.
    """
    headings = found.layout.get("headings", [])
    own = len(ADDED) if headings[: len(ADDED)] == ADDED else 0  # a file that was corrected once before
    yield _line([*ADDED, *headings[own:]])
    for row in found.rows.filter(word=ImportRow.Word.NOT_VALID).order_by("line").iterator():
        told = "; ".join(RowProblem(*parts).sentence() for parts in row.content.get("problems", []))
        yield _line([str(row.line), told, *map(_harmless, row.content.get("cells", [])[own:])])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
