"""The limiters: one bucket per API key, in memory for one process, in Redis for all of them.

Owns the state of buckets; the arithmetic is in lanes (and once more in the script). May import lanes, errors,
redis.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import redis

from integrations.inboxhealth.errors import LimiterUnavailable
from integrations.inboxhealth.lanes import INSTANT, Bucket, Lane, Limiter, Reservation

__all__ = ["Lane", "Limiter", "LimiterUnavailable", "MemoryLimiter", "RedisLimiter", "Reservation"]

History = Callable[[str], list[float] | None]


class MemoryLimiter:
    """The bucket of one process, exact under an exchangeable clock."""

    def __init__(
        self, rate: float, burst: float, senders: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bucket = Bucket(rate, burst, senders)
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def reserve(self, key: str, lane: Lane, within: float = 2.0) -> Reservation:
        """A sending time at most `within` seconds away, or none."""
        with self._lock:
            level, now = self._now(key)
            wait = self._bucket.wait(level, lane)
            granted = wait <= self._bucket.ahead(lane, within) + INSTANT
            self._levels[key] = (level - 1 if granted else level, now)
        return Reservation(granted, wait)

    def drain(self, key: str) -> None:
        """Empty the bucket."""
        with self._lock:
            level, now = self._now(key)
            self._levels[key] = (min(level, 0.0), now)

    def _now(self, key: str) -> tuple[float, float]:
        now = self._clock()
        level, then = self._levels.get(key, (self._bucket.capacity, now))
        return self._bucket.after(level, now - then), now


# Every figure is worked out here, on Redis' clock, so that processes whose clocks differ share one bucket.
# Proof that sends keep to rate·t + capacity: a token is taken when it is reserved, at a time when the level
# will have reached reserve + 1; so however reservations are mixed, those due by any time T were paid for by
# T.
_SCRIPT = """
local rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local needed, within = tonumber(ARGV[3]), tonumber(ARGV[4])
local verb, seed, now = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end
local state = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(state[1]), tonumber(state[2])
if not level then
  if not seed then return {-1, 0} end
  level, at = seed, now
end
level = math.min(capacity, level + rate * math.max(0, now - at) / 1000000)
at = math.max(at, now)
local granted, wait = 0, 0
if verb == 'drain' then
  level = math.min(level, 0)
else
  wait = math.max(0, (needed - level) / rate)
  if wait <= within then
    granted = 1
    level = level - 1
  end
end
redis.call('HSET', KEYS[1], 'level', string.format('%.9f', level), 'at', string.format('%.0f', at))
redis.call('EXPIRE', KEYS[1], 86400)
return {granted, math.ceil(wait * 1000000)}
"""


class RedisLimiter:
    """The bucket that all processes share: one atomic script, on Redis' clock.

    `history(key)` gives the ages in seconds of the sends of the last burst/rate seconds, or None where they
    can't be read; it is asked only when Redis has no state for the key. `clock` (seconds) replaces Redis' for
    tests. How long an unreachable Redis holds a caller up is the client's affair: give it a short time-out
    and no retries of its own (redis-py's default are ten, with pauses).
    """

    def __init__(
        self,
        redis_client: redis.Redis,
        rate: float,
        burst: float,
        senders: int,
        history: History,
        prefix: str = "ih:bucket:",
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._bucket = Bucket(rate, burst, senders)
        self._history = history
        self._prefix = prefix
        self._clock = clock
        self._script = redis_client.register_script(_SCRIPT)

    def reserve(self, key: str, lane: Lane, within: float = 2.0) -> Reservation:
        """A sending time at most `within` seconds away, or none. Raises LimiterUnavailable."""
        needed = self._bucket.reserve_of(lane) + 1
        granted, wait = self._run(key, "reserve", needed, self._bucket.ahead(lane, within) + INSTANT)
        return Reservation(granted == 1, wait / 1_000_000)

    def drain(self, key: str) -> None:
        """Empty the bucket. Raises LimiterUnavailable."""
        self._run(key, "drain", 0.0, 0.0)

    def level(self, key: str) -> float:
        """Tokens there now, less those that are reserved ahead; takes none. Raises LimiterUnavailable."""
        _, wait = self._run(key, "peek", self._bucket.capacity, -1.0)
        return self._bucket.capacity - wait / 1_000_000 * self._bucket.rate

    def _run(self, key: str, verb: str, needed: float, within: float) -> tuple[int, int]:
        found = self._call(key, verb, needed, within, "")
        if found[0] >= 0:
            return found
        # No state: Redis lost it, or this key is new. Whoever seeds first wins; the script ignores a second
        # seed.
        return self._call(key, verb, needed, within, repr(self._bucket.rebuilt(self._history(key))))

    def _call(self, key: str, verb: str, needed: float, within: float, seed: str) -> tuple[int, int]:
        now = "" if self._clock is None else repr(self._clock() * 1_000_000)
        figures: list[Any] = [self._bucket.rate, self._bucket.capacity, needed, within, verb, seed, now]
        try:
            granted, wait = self._script(keys=[self._prefix + key], args=figures)
        except redis.RedisError:
            # From None: the text of Redis' error may name hosts and credentials.
            raise LimiterUnavailable from None
        return int(granted), int(wait)
