"""What can go wrong on our side of a call. What the API answers is a Reply, never an exception.

Owns the error family: evidence in attributes, no body and no value in any text. May import the standard
library.
"""

from __future__ import annotations


class InboxHealthError(Exception):
    """The family. `evidence` says what is known: operation, status, reason, outcome, exchange, attributes."""

    def __init__(self, text: str, **evidence: object) -> None:
        super().__init__(text)
        self.evidence = evidence


class InvalidRequest(InboxHealthError):
    """The request breaks the contract; nothing was sent. `attributes` are names with the kind of problem."""

    def __init__(self, operation: str, attributes: dict[str, str]) -> None:
        named = ", ".join(f"{name} ({kind})" for name, kind in sorted(attributes.items()))
        super().__init__(f"{operation}: {named}", operation=operation, attributes=attributes)
        self.operation = operation
        self.attributes = attributes


class LeaseTooShort(InboxHealthError):
    """The lease ends before a write could have ended; nothing was sent. Times in seconds."""

    def __init__(self, operation: str, left: float, needed: float) -> None:
        text = f"{operation}: {left:.1f} s of the lease are left, a call may take {needed:.1f} s"
        super().__init__(text, operation=operation, left=left, needed=needed, reason="must_end")


class EnvironmentMismatch(InboxHealthError):
    """The other end is not the environment that this deployment belongs to."""

    def __init__(self, expected: str, found: str) -> None:
        text = f"This deployment belongs to {expected}, the other end is {found}"
        super().__init__(text, expected=expected, found=found, reason="environment")


class LimiterUnavailable(InboxHealthError):
    """The limiter's state can't be reached: no sending time, so nothing is sent."""

    def __init__(self) -> None:
        super().__init__(
            "The rate limiter can't be reached, so nothing is sent", reason="limiter_unavailable"
        )
