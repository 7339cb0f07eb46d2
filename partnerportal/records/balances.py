"""What a patient owes, reckoned from the records here. Whole cents; pure: no query, no write.

Source: section 5 of the contract. The sandbox reckons on its own; both are compared after each push.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One charge. `charge` is per unit."""

    charge: int
    quantity: int = 1
    tax: int = 0
    covered: int = 0
    insurance_owed: int = 0

    @property
    def total(self) -> int:
        """charge × quantity + tax."""
        return self.charge * self.quantity + self.tax

    @property
    def patients_part(self) -> int:
        return self.total - self.covered - self.insurance_owed


@dataclass(frozen=True)
class Applied:
    """A part of a payment on an invoice."""

    amount: int
    insurance: bool = False


@dataclass(frozen=True)
class Bill:
    """An invoice with its lines and what is applied to it."""

    key: int
    lines: Sequence[Line]
    applied: Sequence[Applied] = ()
    estimate: bool = False
    deleted: bool = False

    @property
    def insurance_balance(self) -> int:
        """What insurance still owes: while it is above 0 the invoice does not count."""
        owed = sum(line.insurance_owed for line in self.lines)
        return owed - sum(part.amount for part in self.applied if part.insurance)

    @property
    def balance(self) -> int:
        """Charges less covered less all that is applied, insurance and patient alike."""
        charged = sum(line.total - line.covered for line in self.lines)
        return charged - sum(part.amount for part in self.applied)

    @property
    def waits_for_insurance(self) -> bool:
        return self.insurance_balance > 0

    @property
    def counts(self) -> bool:
        return not (self.estimate or self.deleted or self.waits_for_insurance)

    @property
    def due(self) -> str:
        """deleted · estimate · waiting (for insurance) · open · settled: what a list filters by."""
        if self.deleted or self.estimate:
            return "deleted" if self.deleted else "estimate"
        if self.waits_for_insurance:
            return "waiting"
        return "open" if self.balance != 0 else "settled"


@dataclass(frozen=True)
class Paid:
    """A payment; `applied` is the sum of what is applied of it."""

    amount: int
    applied: int = 0
    insurance: bool = False
    voided: bool = False

    @property
    def unapplied(self) -> int:
        """The patient's credit. A refund changes no balance, so it is not taken off [D]."""
        return 0 if self.voided or self.insurance else self.amount - self.applied


@dataclass(frozen=True)
class Account:
    """All of one patient's money."""

    bills: Sequence[Bill] = ()
    payments: Sequence[Paid] = ()
    write_offs: Sequence[int] = ()


@dataclass(frozen=True)
class Breakdown:
    """The figures of a balance panel. `open`: (invoice key, balance) of those that count and are not 0."""

    open: list[tuple[int, int]] = field(default_factory=list)
    waiting: list[tuple[int, int]] = field(default_factory=list)  # (invoice key, insurance balance)
    unapplied: int = 0
    written_off: int = 0

    @property
    def owes(self) -> int:
        """Open invoices less unapplied patient payments less write-offs [A: write-offs lower it]."""
        return sum(balance for _, balance in self.open) - self.unapplied - self.written_off


def breakdown(account: Account) -> Breakdown:
    """The patient's balance with the figures that make it up."""
    live = [bill for bill in account.bills if not (bill.estimate or bill.deleted)]
    return Breakdown(
        open=[(bill.key, bill.balance) for bill in live if bill.counts and bill.balance != 0],
        waiting=[(bill.key, bill.insurance_balance) for bill in live if bill.waits_for_insurance],
        unapplied=sum(payment.unapplied for payment in account.payments),
        written_off=sum(account.write_offs),
    )
