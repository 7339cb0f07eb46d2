"""The reservations of one bucket, exactly: in memory and in the script alike, under a clock of the test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.inboxhealth.limiter import Lane, Limiter, MemoryLimiter, RedisLimiter, Reservation

RATE, BURST, SENDERS = 10, 100, 8
CAPACITY = BURST - 2


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "redis"])
def limiter(request: pytest.FixtureRequest, clock: Clock) -> Limiter:
    if request.param == "memory":
        return MemoryLimiter(RATE, BURST, SENDERS, clock=clock)
    valkey = request.getfixturevalue("valkey")
    return RedisLimiter(valkey, RATE, BURST, SENDERS, history=lambda key: [], clock=clock)


def take(limiter: Limiter, lane: Lane, times: int) -> list[tuple[bool, float]]:
    """The reservations, waits to the millisecond."""
    taken = [limiter.reserve("k", lane) for _ in range(times)]
    return [(one.granted, round(one.wait, 3)) for one in taken]


def test_interactive_takes_the_whole_bucket_and_then_reserves_two_seconds_ahead(limiter: Limiter) -> None:
    assert take(limiter, Lane.INTERACTIVE, CAPACITY) == [(True, 0.0)] * CAPACITY
    ahead = [(True, round(n / 10, 3)) for n in range(1, 21)]
    assert take(limiter, Lane.INTERACTIVE, 20) == ahead
    assert take(limiter, Lane.INTERACTIVE, 3) == [(False, 2.1)] * 3


@pytest.mark.parametrize(("lane", "left"), [(Lane.BULK, SENDERS + 3), (Lane.BACKGROUND, SENDERS + 6)])
def test_a_lane_leaves_its_reserve_and_holds_one_token_a_sender_ahead(
    limiter: Limiter, lane: Lane, left: int
) -> None:
    assert take(limiter, lane, CAPACITY - left) == [(True, 0.0)] * (CAPACITY - left)
    ahead = [(True, round(n / 10, 3)) for n in range(1, SENDERS + 2)]
    assert take(limiter, lane, SENDERS + 1) == ahead
    assert take(limiter, lane, 2) == [(False, 1.0)] * 2


def test_interactive_starts_at_once_behind_any_number_of_bulk_senders(limiter: Limiter, clock: Clock) -> None:
    for _ in range(100):
        take(limiter, Lane.BULK, 40)
        take(limiter, Lane.BACKGROUND, 40)
        clock.now += 0.1
        assert take(limiter, Lane.INTERACTIVE, 1) == [(True, 0.0)]


def test_bulk_gets_the_whole_rate_when_nobody_else_asks(limiter: Limiter, clock: Clock) -> None:
    take(limiter, Lane.BULK, CAPACITY)
    sent, start = 0, clock.now
    while clock.now < start + 20:
        sent += sum(granted for granted, _ in take(limiter, Lane.BULK, 12))
        clock.now += 0.25
    assert sent == pytest.approx(200, abs=3)


def test_a_reservation_that_is_too_far_away_takes_nothing(limiter: Limiter, clock: Clock) -> None:
    take(limiter, Lane.INTERACTIVE, CAPACITY)
    assert limiter.reserve("k", Lane.INTERACTIVE, within=0.05) == Reservation(False, pytest.approx(0.1))
    clock.now += 0.1
    assert limiter.reserve("k", Lane.INTERACTIVE, within=0.0).granted


def test_the_bucket_refills_and_no_further_than_full(limiter: Limiter, clock: Clock) -> None:
    take(limiter, Lane.INTERACTIVE, CAPACITY)
    clock.now += 0.5
    assert take(limiter, Lane.INTERACTIVE, 6) == [(True, 0.0)] * 5 + [(True, 0.1)]
    clock.now += 3_600
    assert take(limiter, Lane.INTERACTIVE, CAPACITY + 1)[-2:] == [(True, 0.0), (True, 0.1)]


def test_a_429_empties_the_bucket(limiter: Limiter) -> None:
    limiter.drain("k")
    assert take(limiter, Lane.INTERACTIVE, 2) == [(True, 0.1), (True, 0.2)]
    take(limiter, Lane.INTERACTIVE, 5)
    limiter.drain("k")
    assert take(limiter, Lane.INTERACTIVE, 1) == [(True, 0.8)]


def test_keys_have_buckets_of_their_own(limiter: Limiter) -> None:
    limiter.drain("k")
    assert limiter.reserve("another", Lane.BACKGROUND) == Reservation(True, 0.0)


def test_a_clock_that_goes_back_gives_nothing(limiter: Limiter, clock: Clock) -> None:
    take(limiter, Lane.INTERACTIVE, CAPACITY)
    clock.now -= 100
    assert take(limiter, Lane.INTERACTIVE, 1) == [(True, 0.1)]


def test_a_small_bucket_lets_every_lane_through(clock: Clock) -> None:
    small = MemoryLimiter(2, 5, SENDERS, clock=clock)
    sent = dict.fromkeys(Lane, 0)
    for _ in range(100):
        for lane in Lane:
            sent[lane] += small.reserve(lane, lane).granted  # a bucket for each
        clock.now += 0.5
    assert all(count >= 90 for count in sent.values())


STEPS = st.lists(
    st.tuples(st.sampled_from(Lane), st.integers(0, 400), st.sampled_from([0.0, 0.3, 2.0])), max_size=150
)


def _planned(build: Callable[[Clock], Limiter], steps: list[tuple[Lane, int, float]]) -> list[float]:
    """The times at which the granted reservations send."""
    clock, times = Clock(), []
    limiter = build(clock)
    for lane, milliseconds, within in steps:
        got = limiter.reserve("k", lane, within)
        assert got.wait >= 0
        assert not got.granted or got.wait <= within + 1e-6
        if got.granted:
            times.append(clock.now + got.wait)
        clock.now += milliseconds / 1000
    return sorted(times)


@given(STEPS)
def test_no_mixture_of_lanes_sends_more_than_the_bucket_holds(steps: list[tuple[Lane, int, float]]) -> None:
    times = _planned(lambda clock: MemoryLimiter(RATE, 30, 4, clock=clock), steps)
    for first, start in enumerate(times):
        for last in range(first, len(times)):
            assert last - first + 1 <= 28 + RATE * (times[last] - start) + 1e-3


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_script_reserves_as_the_memory_does(
    valkey: redis.Redis, steps: list[tuple[Lane, int, float]]
) -> None:
    valkey.flushall()
    shared = _planned(lambda clock: RedisLimiter(valkey, RATE, 30, 4, lambda key: [], clock=clock), steps)
    alone = _planned(lambda clock: MemoryLimiter(RATE, 30, 4, clock=clock), steps)
    assert shared == pytest.approx(alone, abs=1e-4)
