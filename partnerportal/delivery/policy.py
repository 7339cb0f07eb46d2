"""From one word for what happened to the next state and time. Pure: a closed table with its reasons.

Source: laws 2 and 3 of the design; section 8 of the contract.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from integrations.inboxhealth import backoff
from integrations.inboxhealth.outcome import Outcome

BASE, CAP = 1.0, 60.0  # seconds


@dataclass(frozen=True)
class Verdict:
    """The delivery's next state; `wait` seconds until it is due again (from the send for an unknown one)."""

    state: str
    reason: str
    wait: float = 0.0


def verdict(
    outcome: Outcome,
    reason: str,
    *,
    deletes: bool,
    tries: int,
    retry_after: float | None,
    unknown_delay: float,
    jitter: Callable[[], float] = random.random,
) -> Verdict:
    """What becomes of a delivery after one send. `tries`: attempts so far, from 1."""
    if outcome is Outcome.ACCEPTED or (outcome is Outcome.GONE and deletes):
        return Verdict("delivered", reason)
    if outcome is Outcome.UNKNOWN:
        return Verdict("unknown", reason, unknown_delay)
    if outcome is Outcome.NOT_PROCESSED:
        pause = backoff.delay(min(tries, 10), base=BASE, cap=CAP, jitter=jitter)
        return Verdict("waiting", reason, max(pause, min(retry_after or 0.0, 3600.0)))
    if outcome is Outcome.UNAUTHORISED:
        return Verdict("pending", reason)  # the key is stopped; it goes on when the key works again
    return Verdict("failed", reason)


def cause_key(outcome: Outcome, reason: str, errors: dict[str, list[str]]) -> str:
    """What groups equal failures: "validation:zip". Names only, never a message: it can quote PHI."""
    named = ",".join(sorted(errors)[:3])
    return f"{reason}:{named}"[:80] if named and outcome is Outcome.REJECTED else reason[:80]
