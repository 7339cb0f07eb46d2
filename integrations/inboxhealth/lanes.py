"""Lanes and the arithmetic of the token bucket: who may send when.

Owns Lane, Reservation, the Limiter protocol and the pure Bucket. May import the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

# At exactly burst + rate·t about one 429 in a thousand slips through; two tokens held back: none (measured).
HELD_BACK = 2.0
# Seconds that count as none: clocks since 1970 are no finer than this as floats.
INSTANT = 1e-6


class Lane(StrEnum):
    """Who goes first: a person who waits, then batches, then what nobody watches."""

    INTERACTIVE = "interactive"
    BULK = "bulk"
    BACKGROUND = "background"


@dataclass(frozen=True)
class Reservation:
    """Granted: sleep `wait` seconds, then send. Not granted: no token was taken; ask again after `wait`."""

    granted: bool
    wait: float


class Limiter(Protocol):
    """What the gateway asks before each request. `key` names the bucket: one budget per API key."""

    def reserve(self, key: str, lane: Lane, within: float = 2.0) -> Reservation:
        """A sending time at most `within` seconds away, or none. Raises LimiterUnavailable."""

    def drain(self, key: str) -> None:
        """Empty the bucket: the API has just answered 429. Raises LimiterUnavailable."""


@dataclass(frozen=True)
class Bucket:
    """The figures of a bucket: tokens per second, its size at the API, and the sending threads on one key."""

    rate: float
    burst: float
    senders: int

    @property
    def capacity(self) -> float:
        """Tokens that are planned with."""
        return self.burst - HELD_BACK

    @property
    def horizon(self) -> float:
        """Seconds after which an empty bucket is full again: older sends don't matter."""
        return self.burst / self.rate

    def reserve_of(self, lane: Lane) -> float:
        """Tokens that the lane leaves to those before it."""
        left = {Lane.INTERACTIVE: 0, Lane.BULK: self.senders + 3, Lane.BACKGROUND: self.senders + 6}[lane]
        # A small bucket never holds that much: a lane that waits for more than fits would wait for ever.
        return min(left, max(0.0, self.capacity - 1))

    def ahead(self, lane: Lane, within: float) -> float:
        """Seconds that the lane may reserve ahead: those behind only one token a sender.

        Their reservations lower the level that everyone sees; more of them would eat what the lane leaves to
        interactive, which would then wait behind them although it goes first.
        """
        return within if lane is Lane.INTERACTIVE else min(within, (self.senders + 1) / self.rate)

    def after(self, level: float, seconds: float) -> float:
        """The level some seconds later."""
        return min(self.capacity, level + self.rate * max(0.0, seconds))

    def wait(self, level: float, lane: Lane) -> float:
        """Seconds until the lane may take a token."""
        return max(0.0, (self.reserve_of(lane) + 1 - level) / self.rate)

    def rebuilt(self, ages: list[float] | None) -> float:
        """The level of a bucket whose state is lost, from the ages in seconds of this key's recent sends.

        None (they can't be read) is an empty bucket, no sends a full one. Otherwise the senders' tokens are
        taken off besides: those who sleep towards a reserved time have not sent yet, and so are in no record.
        """
        if ages is None:
            return 0.0
        level, last = self.capacity, self.horizon
        for age in sorted((age for age in ages if age < self.horizon), reverse=True):
            level, last = self.after(level, last - age) - 1, age
        recent = last < self.horizon
        return self.after(level, last) - (self.senders if recent else 0)
