"""The gateway's token buckets: capacity `burst`, refilled at `rate` a second.

Source: section 2 of the contract. Imports nothing of the sandbox.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

WINDOW = 10.0


class Limits:
    """One bucket a name, full at first; `rate` null means no limit. Counts what it refused."""

    def __init__(self, rate: float | None, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.burst = burst
        self.refused = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> float | None:
        """None when a token was there; else the seconds until one will be. Refused calls cost nothing."""
        if self.rate is None:
            return None
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.get(name, (self.burst, now))
            tokens = min(self.burst, tokens + (now - then) * self.rate)
            if tokens >= 1:
                self._buckets[name] = (tokens - 1, now)
                return None
            self._buckets[name] = (tokens, now)
            self.refused += 1
            return (1 - tokens) / self.rate

    def reset(self) -> None:
        with self._lock:
            self._buckets.clear()
            self.refused = 0


class Meter:
    """Counts API requests, and how many a second came in the last ten seconds."""

    def __init__(self) -> None:
        self.total = 0
        self._lock = threading.Lock()
        self._recent: deque[float] = deque()
        self._last = float("-inf")

    def tick(self) -> None:
        with self._lock:
            self.total += 1
            self._last = time.monotonic()
            self._recent.append(self._last)
            self._forget()

    def rate(self) -> float:
        with self._lock:
            self._forget()
            return round(len(self._recent) / WINDOW, 1)

    def idle(self) -> float:
        """Seconds since the last request."""
        return time.monotonic() - self._last

    def _forget(self) -> None:
        while self._recent and self._recent[0] < time.monotonic() - WINDOW:
            self._recent.popleft()
