"""What a patient would owe after something that is not done yet: what pages say before it is confirmed.

Pure: no query, no write. Whole cents. Imports balances only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from partnerportal.records.balances import Account, Applied, Bill, Line, Paid


def after_payment(
    account: Account,
    paid: Paid,
    parts: Mapping[int, int],
    lowered: Mapping[int, int] | None = None,
) -> Account:
    """The account with a payment applied. `parts`: cents by invoice; `lowered`: what insurance owes less."""
    owed_less = lowered or {}
    bills = [
        _with(bill, parts.get(bill.key), paid.insurance, owed_less.get(bill.key, 0)) for bill in account.bills
    ]
    applied = replace(paid, applied=paid.applied + sum(parts.values()))
    return replace(account, bills=bills, payments=[*account.payments, applied])


def _with(bill: Bill, cents: int | None, insurance: bool, lowered: int) -> Bill:
    applied = [*bill.applied, Applied(cents, insurance)] if cents else bill.applied
    lines = [*bill.lines, Line(0, insurance_owed=-lowered)] if lowered else bill.lines
    return replace(bill, applied=applied, lines=lines)


def after_void(account: Account, paid: Paid, parts: Sequence[tuple[int, int]]) -> Account:
    """The account without a payment and what was applied of it: (invoice, cents)."""
    payments = list(account.payments)
    payments.remove(paid)
    bills = {bill.key: bill for bill in account.bills}
    for key, cents in parts:
        applied = list(bills[key].applied)
        applied.remove(Applied(cents, paid.insurance))
        bills[key] = replace(bills[key], applied=applied)
    return replace(account, bills=list(bills.values()), payments=payments)


def after_write_off(account: Account, cents: int) -> Account:
    """The account with one more write-off."""
    return replace(account, write_offs=[*account.write_offs, cents])
