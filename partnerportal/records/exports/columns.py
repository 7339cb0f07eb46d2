"""What stands in the file of each noun: headings, values, and what is masked. Pure: rows are duck-typed.

An SSN is in no file. Names stay as they are, as on the pages. Dates year-month-day, so that no reader of the
file takes the month for the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from partnerportal.kernel.money import plain
from partnerportal.records.wire import canonical

Value = str | int | float | None


def _as_text(value: Any) -> Value:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int | float) else str(value or "")


def masked_day(value: Any) -> Value:
    """The year alone."""
    return str(value.year) if isinstance(value, date) else ""


def masked_phone(value: Any) -> Value:
    digits = str(canonical.phone(value) or "")
    return f"({digits[:3]}) •••-••{digits[-2:]}" if len(digits) == 10 else "•••" if value else ""


def masked_email(value: Any) -> Value:
    name, at, host = str(value or "").partition("@")
    return f"{name[:1]}•••{at}{host}" if value else ""


def _hidden(value: Any) -> Value:
    return "•••" if value else ""


class Told(Protocol):
    """What writing a file needs of a column, whoever's table it is."""

    @property
    def heading(self) -> str: ...

    def value(self, row: Any, masked: bool) -> Value: ...


@dataclass(frozen=True)
class Column:
    """One column. `path` leads from the row to the value; `mask` is what a masked file has instead."""

    heading: str
    path: str
    mask: Callable[[Any], Value] = _as_text

    def value(self, row: Any, masked: bool) -> Value:
        found = row
        for part in self.path.split("."):
            found = getattr(found, part) if found is not None else None
        return self.mask(found) if masked else _as_text(found)


@dataclass(frozen=True)
class Dollars(Column):
    """Cents as 1234.56, in every file."""

    def value(self, row: Any, masked: bool) -> Value:
        cents = getattr(row, self.path)
        return plain(cents) if isinstance(cents, int) else ""


OURS = Column("Our id", "short_id")
THEIRS = Column("Inbox Health id", "remote_id")
STATE = Column("State", "sync_state")
ENTERPRISE = (
    Column("Enterprise", "enterprise.name"),
    Column("Enterprise Inbox Health id", "enterprise.remote_id"),
)
PLACE = (
    Column("Address", "address_line_1"),
    Column("Address, second line", "address_line_2"),
    Column("City", "city"),
    Column("State code", "state"),
    Column("ZIP", "zip"),
)
HIDDEN_PLACE = (Column("Address", "address_line_1", _hidden), *(
    Column(c.heading, c.path, _hidden if c.path in ("address_line_2", "zip") else _as_text) for c in PLACE[1:]
))  # fmt: skip
PERSON = (
    Column("Patient", "patient.short_id"),
    Column("Chart no.", "patient.health_record_id"),
    Column("Last name", "patient.last_name"),
    Column("First name", "patient.first_name"),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "enterprise": (
        OURS, THEIRS, Column("Id in your files", "source_id"), Column("Name", "name"), *PLACE,
        Column("Support phone", "support_phone_number"), Column("Time zone", "time_zone"), STATE,
    ),
    "practice": (OURS, THEIRS, Column("Name", "name"), *PLACE, *ENTERPRISE, STATE),
    "doctor": (
        OURS, THEIRS, Column("Id in your files", "source_id"), Column("Last name", "last_name"),
        Column("First name", "first_name"), Column("NPI", "npi"), Column("Provider code", "provider_code"),
        Column("Specialty", "specialty"), Column("Phone", "phone", masked_phone),
        Column("E-mail", "email", masked_email), *ENTERPRISE, STATE,
    ),
    "patient": (
        OURS, THEIRS, Column("Chart no.", "health_record_id"), Column("Last name", "last_name"),
        Column("First name", "first_name"), Column("Middle name", "middle_name"),
        Column("Date of birth", "date_of_birth", masked_day), Column("Sex", "sex"),
        Column("Cell phone", "cell_phone", masked_phone), Column("Home phone", "home_phone", masked_phone),
        Column("Work phone", "work_phone", masked_phone), Column("E-mail", "email", masked_email),
        *HIDDEN_PLACE, Column("Practice", "practice.name"), Column("Billing status", "billing_status"),
        *ENTERPRISE, STATE,
    ),
    "invoice": (
        OURS, THEIRS, *PERSON, Column("Claim no.", "claim_number"),
        Column("Date of service", "date_of_service"), Column("Practice", "practice.name"),
        Dollars("Balance", "balance_cents"), Column("Comes to", "due"), *ENTERPRISE, STATE,
    ),
    "payment": (
        OURS, THEIRS, *PERSON, Column("Paid on", "paid_on"), Column("Method", "method"),
        Dollars("Amount", "amount_cents"), Dollars("Refunded", "refunded_cents"), Column("Voided", "voided"),
        Column("Description", "description"), *ENTERPRISE, STATE,
    ),
}  # fmt: skip
IDS: dict[str, tuple[Column, ...]] = {
    "patient": (Column("Chart no.", "health_record_id"), THEIRS, OURS, *ENTERPRISE),
    "doctor": (Column("Id in your files", "source_id"), Column("NPI", "npi"), THEIRS, OURS, *ENTERPRISE),
    "enterprise": (Column("Id in your files", "source_id"), THEIRS, OURS),
    "practice": (THEIRS, OURS, *ENTERPRISE),
    "invoice": (Column("Claim no.", "claim_number"), THEIRS, OURS, *ENTERPRISE),
    "payment": (THEIRS, OURS, *ENTERPRISE),
}
IDS_WORDS = {
    "patient": "Chart no. ↔ Inbox Health id",
    "doctor": "Id in your files, NPI ↔ Inbox Health id",
    "enterprise": "Id in your files ↔ Inbox Health id",
    "practice": "Inbox Health id ↔ our id",
    "invoice": "Claim no. ↔ Inbox Health id",
    "payment": "Inbox Health id ↔ our id",
}


def masked(noun: str) -> list[str]:
    """Headings of the columns that a masked file does not show whole."""
    return [column.heading for column in COLUMNS.get(noun, ()) if column.mask is not _as_text]


def columns_of(noun: str, shape: str) -> tuple[Column, ...]:
    """The columns of a file; ids hold nothing that is masked."""
    return IDS[noun] if shape == "ids" else COLUMNS[noun]
