"""How long to wait before the next attempt.

Owns one pure function. May import the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable


def delay(attempt: int, *, base: float, cap: float, jitter: Callable[[], float]) -> float:
    """Seconds before the attempt after the `attempt`-th (from 1): doubling from `base`, at most `cap`.

    `jitter` gives a number from 0 to 1; it takes off up to half, so that what failed together does not come
    back together. Raises ValueError on an attempt below 1.
    """
    if attempt < 1:
        raise ValueError("attempts count from 1")
    # Above 2**63 nothing is left to double, and a float would overflow.
    full = min(cap, base * 2.0 ** min(attempt - 1, 63))
    return full * (1 - jitter() / 2)
