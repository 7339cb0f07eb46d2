"""Money is whole US cents, always. Reads what people type, writes what people read. Pure, no floats."""

from __future__ import annotations

import re

_TYPED = re.compile(r"^(?P<minus>[-−(])?\s*\$?\s*(?P<whole>\d{1,3}(,\d{3})*|\d*)(\.(?P<cents>\d{1,2}))?\)?$")
MOST_CENTS = 10**12


class NotMoney(ValueError):
    """What was typed is no amount of dollars."""


def cents_of(text: str) -> int:
    """`1234.5`, `$1,234.50`, `−$20.00` and `(20.00)` as cents. Raises NotMoney."""
    found = _TYPED.match(text.strip().replace("-$", "-").replace("−$", "−"))
    if found is None or not (found["whole"] or found["cents"]):
        raise NotMoney(text)
    amount = int(found["whole"].replace(",", "") or 0) * 100 + int((found["cents"] or "0").ljust(2, "0"))
    if amount > MOST_CENTS:
        raise NotMoney(text)
    return -amount if found["minus"] else amount


def dollars(cents: int | None) -> str:
    """`$1,234.56`, `−$20.00`, and `—` for an amount that is not known (never $0.00)."""
    if cents is None:
        return "—"
    return f"{'−' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def owed(cents: int | None) -> str:
    """As `dollars`; a negative balance is a credit: `$20.00 credit`."""
    return f"{dollars(-cents)} credit" if cents is not None and cents < 0 else dollars(cents)


def plain(cents: int | None) -> str:
    """For exports: `1234.56`, `-20.00`, and nothing for an amount that is not known."""
    if cents is None:
        return ""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
