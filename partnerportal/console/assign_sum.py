"""What a visit comes to while it is entered, in one sentence; the page's script says the same. Pure cents.

Imports records' balances, which decide. Source: pages, "Assign a balance".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partnerportal.kernel.money import dollars, owed
from partnerportal.records.balances import Account, Applied, Bill, Line, Paid, breakdown


@dataclass(frozen=True)
class VisitSum:
    """`before`: what the person owes without this visit; `after`: with it. `rest`: taken, and not applied."""

    charged: int
    covered: int
    insurance: int
    taken: int
    before: int
    after: int
    rest: int
    estimate: bool

    @property
    def formula(self) -> str:
        return (
            f"{dollars(self.charged)} charged − {dollars(self.covered)} covered "
            f"− {dollars(self.insurance)} insurance − {dollars(self.taken)} taken"
        )

    def outcome(self, name: str) -> str:
        """ "Ed Edison will owe $90.00." """
        return f"{name} will owe {owed(self.after)}"

    @property
    def notes(self) -> list[str]:
        """What else is worth saying about it, each a sentence."""
        said = []
        if self.estimate:
            said.append("An estimate is not owed: adds $0.00.")
        elif self.insurance > 0:
            said.append("Waits for insurance: adds $0.00 until it has paid.")
        if self.before:
            said.append(f"{owed(self.before)} before this visit.")
        if self.rest:
            said.append(f"{dollars(self.rest)} of what was taken is not applied here and stays a credit.")
        return said


def sum_of(
    account: Account, lines: Sequence[Line], *, taken: int = 0, apply: bool = True, estimate: bool = False
) -> VisitSum:
    """The account as it is, and one visit more."""
    whole = Bill(0, lines, estimate=estimate)
    applied = min(taken, max(0, whole.balance)) if apply else 0
    bill = Bill(0, lines, [Applied(applied)], estimate)
    paid = [Paid(taken, applied)] if taken else []
    now = Account([*account.bills, bill], [*account.payments, *paid], account.write_offs)
    return VisitSum(
        charged=sum(line.total for line in lines),
        covered=sum(line.covered for line in lines),
        insurance=bill.insurance_balance,
        taken=taken,
        before=breakdown(account).owes,
        after=breakdown(now).owes,
        rest=taken - applied,
        estimate=estimate,
    )
