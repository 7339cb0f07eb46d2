"""One bucket for all processes: exact under load, safe when Redis forgets, silent when Redis is gone."""

from __future__ import annotations

import threading
import time

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from integrations.inboxhealth.limiter import Lane, LimiterUnavailable, RedisLimiter

RATE, BURST, SENDERS = 50, 60, 8


def limiter(valkey: redis.Redis, history: list[float] | None, burst: int = BURST) -> RedisLimiter:
    return RedisLimiter(valkey, RATE, burst, SENDERS, lambda key: history)


def test_many_threads_never_send_more_than_the_bucket_holds(valkey_port: int, valkey: redis.Redis) -> None:
    # When each one is to be sent, as it was known just before and just after it was reserved.
    times: list[tuple[float, float]] = []
    end = time.monotonic() + 3

    def work(lane: Lane) -> None:
        own = limiter(redis.Redis(port=valkey_port), [])
        while time.monotonic() < end:
            before = time.monotonic()
            got = own.reserve("k", lane, 0.5)
            if got.granted:
                times.append((before + got.wait, time.monotonic() + got.wait))
            time.sleep(got.wait)

    lanes = [Lane.BULK] * 8 + [Lane.BACKGROUND] * 4 + [Lane.INTERACTIVE] * 4
    threads = [threading.Thread(target=work, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for start, _ in times:
        ends = sorted(latest for earliest, latest in times if earliest >= start)
        for count, end in enumerate(ends, start=1):
            assert count <= BURST - 2 + RATE * (end - start) + 0.01
    assert len(times) >= BURST - 2 + RATE * 2


def test_interactive_starts_within_three_intervals_while_eight_bulk_senders_run(
    valkey_port: int, valkey: redis.Redis
) -> None:
    stop = threading.Event()

    def bulk() -> None:
        own = limiter(redis.Redis(port=valkey_port), [])
        while not stop.is_set():
            time.sleep(own.reserve("k", Lane.BULK).wait)

    threads = [threading.Thread(target=bulk) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)  # until the bulk senders live on the refill
    own, waits = limiter(valkey, []), []
    for _ in range(50):
        got = own.reserve("k", Lane.INTERACTIVE)
        assert got.granted
        waits.append(got.wait)
        time.sleep(0.03)
    stop.set()
    for thread in threads:
        thread.join()
    assert max(waits) <= 3 / RATE


def test_two_hundred_threads_share_one_first_bucket(valkey_port: int, valkey: redis.Redis) -> None:
    granted: list[bool] = []

    def once() -> None:
        granted.append(limiter(redis.Redis(port=valkey_port), []).reserve("k", Lane.INTERACTIVE, 0.0).granted)

    start = time.monotonic()
    threads = [threading.Thread(target=once) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert BURST - 2 <= sum(granted) <= BURST - 2 + RATE * (time.monotonic() - start)


def level(valkey: redis.Redis) -> float:
    return float(valkey.hget("ih:bucket:k", "level"))  # type: ignore[arg-type]


def test_a_bucket_without_state_is_full_when_nothing_was_sent_lately(valkey: redis.Redis) -> None:
    limiter(valkey, []).reserve("k", Lane.BULK)
    assert level(valkey) == BURST - 2 - 1
    valkey.flushall()
    limiter(valkey, [1.3, 50.0]).reserve("k", Lane.BULK)  # older than burst/rate: as if it had not been
    assert level(valkey) == BURST - 2 - 1


def test_a_bucket_without_state_is_rebuilt_from_what_was_sent(valkey: redis.Redis) -> None:
    limiter(valkey, [0.1] * 30).reserve("k", Lane.INTERACTIVE)
    # 58 − 30 sent, 5 refilled, less the 8 that may be sleeping towards a reserved time, less this one.
    assert level(valkey) == pytest.approx(58 - 30 + 5 - SENDERS - 1, abs=0.01)


def test_a_bucket_is_empty_when_what_was_sent_can_not_be_read(valkey: redis.Redis) -> None:
    got = limiter(valkey, None).reserve("k", Lane.INTERACTIVE)
    assert (got.granted, got.wait) == (True, pytest.approx(1 / RATE))


def test_the_history_is_read_only_where_state_is_missing(valkey: redis.Redis) -> None:
    asked: list[str] = []
    own = RedisLimiter(valkey, RATE, BURST, SENDERS, lambda key: asked.append(key) or [])
    for _ in range(5):
        own.reserve("k", Lane.BULK)
    own.drain("k")
    assert asked == ["k"]


def test_a_forgotten_script_is_loaded_again(valkey: redis.Redis) -> None:
    own = limiter(valkey, [])
    own.reserve("k", Lane.BULK)
    valkey.script_flush()
    assert own.reserve("k", Lane.BULK).granted


def test_a_drain_on_a_bucket_without_state_empties_it(valkey: redis.Redis) -> None:
    limiter(valkey, []).drain("k")
    assert level(valkey) == 0


def test_without_redis_nothing_is_reserved() -> None:
    gone = redis.Redis(host="127.0.0.1", port=1, password="secret-word", retry=Retry(NoBackoff(), 0))
    with pytest.raises(LimiterUnavailable) as raised:
        RedisLimiter(gone, RATE, BURST, SENDERS, lambda key: []).reserve("k", Lane.INTERACTIVE)
    assert "secret-word" not in repr(raised.value)
