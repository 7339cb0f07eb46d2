"""What a record of any noun is called where all nouns stand in one list. Imports cells and formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from partnerportal.console import cells, formats
from partnerportal.kernel.money import dollars

_OF: dict[str, Callable[[Any], str]] = {
    "enterprise": lambda row: row.name,
    "practice": lambda row: row.name,
    "doctor": cells.person,
    "patient": cells.person,
    "invoice": lambda row: f"Invoice of {formats.day(row.date_of_service)}",
    "line_item": lambda row: f"{row.description} on {row.invoice.short_id}",
    "payment": lambda row: f"{dollars(row.amount_cents)} by {row.get_method_display().lower()}",
    "invoice_payment": lambda row: (
        f"{dollars(row.amount_cents)} of {row.payment.short_id} on {row.invoice.short_id}"
    ),
    "write_off": lambda row: f"{dollars(row.amount_cents)} written off on {formats.day(row.date)}",
    "payment_reason": lambda row: row.code,
    "write_off_code": lambda row: row.code,
    "account_type": lambda row: row.name,
}
# What a list reads along, so that no line asks for its own.
RELATED: dict[str, tuple[str, ...]] = {
    "enterprise": (),
    "invoice": ("enterprise", "patient"),
    "line_item": ("enterprise", "invoice__patient"),
    "payment": ("enterprise", "patient"),
    "invoice_payment": ("enterprise", "payment__patient", "invoice"),
    "write_off": ("enterprise", "patient"),
}


def title_of(record: Any) -> str:
    """ "Byron, Ada", "Invoice of Nov 2, 2026", "$40.00 of PAY-3 on I-2"."""
    return _OF[record.noun](record) or "No name"


def named(record: Any) -> str:
    """ "P-17, Byron, Ada"; of what has no title its short id alone."""
    return f"{record.short_id}, {title_of(record)}" if record.noun in _OF else str(record.short_id)


def related(noun: str) -> tuple[str, ...]:
    """For select_related."""
    return RELATED.get(noun, ("enterprise",))


def whose(record: Any) -> str:
    """The patient whose money it is, by name; "" for what is no money of a patient."""
    return (record.patient.name or record.patient.short_id) if record.account_pk is not None else ""
