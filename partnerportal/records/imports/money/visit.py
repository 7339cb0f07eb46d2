"""A visit of a file: its rows as lines and payments, and what each is against what is here. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from partnerportal.records.billing import Charge
from partnerportal.records.imports.matching import NEW, UNCHANGED
from partnerportal.records.imports.rows import Row
from partnerportal.records.imports.values import Changes
from partnerportal.records.models import (
    Doctor,
    Invoice,
    LineItem,
    Patient,
    Payment,
    PaymentReason,
    Practice,
)


@dataclass
class FileLine:
    """A charge of the file. `line`: the one it is, or None for a new one."""

    row: Row
    charge: Charge
    line: LineItem | None = None
    changes: Changes = field(default_factory=dict)
    word: str = NEW


@dataclass
class FilePayment:
    """A payment of the file, in cents; `claim`: it names what it is for. `payment`: the one it is."""

    row: Row
    cents: int
    method: str
    key: str
    claim: str = ""
    paid_on: date | None = None
    description: str = ""
    reason: PaymentReason | None = None
    payment: Payment | None = None
    word: str = NEW


@dataclass
class FileVisit:
    """Rows that go in together. `invoice`: the one they are; for a bare payment the one it names."""

    rows: list[Row]
    patient: Patient | None = None
    practice: Practice | None = None
    doctor: Doctor | None = None
    day: date | None = None
    claim: str = ""
    estimate: bool | None = None
    lines: list[FileLine] = field(default_factory=list)
    payments: list[FilePayment] = field(default_factory=list)
    invoice: Invoice | None = None
    changes: Changes = field(default_factory=dict)  # of the invoice itself

    @property
    def valid(self) -> bool:
        return not any(row.problems for row in self.rows)

    @property
    def is_new(self) -> bool:
        """A new invoice."""
        return bool(self.lines) and self.invoice is None

    @property
    def word(self) -> str:
        """Of the invoice itself: new, changed or unchanged."""
        return NEW if self.is_new else "changed" if self.changes else UNCHANGED


def columns_of(charge: Charge) -> dict[str, Any]:
    """A charge as the columns of a line item."""
    return {
        "service_code": charge.service_code,
        "description": charge.description,
        "date_of_service": charge.date_of_service,
        "total_charge_amount_cents": charge.each,
        "quantity": charge.quantity,
        "covered_amount_cents": charge.covered,
        "insurance_owed_amount_cents": charge.insurance_owed,
        "tax_amount_cents": charge.tax,
    }
