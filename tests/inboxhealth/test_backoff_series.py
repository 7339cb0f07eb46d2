"""The wait before the next attempt doubles, ends at the cap, and loses at most half to jitter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.inboxhealth.backoff import delay


def test_without_jitter_the_series_doubles_to_the_cap() -> None:
    series = [delay(n, base=2, cap=60, jitter=lambda: 0.0) for n in range(1, 9)]
    assert series == [2, 4, 8, 16, 32, 60, 60, 60]


def test_full_jitter_halves_it() -> None:
    series = [delay(n, base=2, cap=60, jitter=lambda: 1.0) for n in range(1, 9)]
    assert series == [1, 2, 4, 8, 16, 30, 30, 30]


@given(st.integers(1, 100_000), st.floats(0, 1))
def test_it_never_leaves_its_bounds(attempt: int, jitter: float) -> None:
    assert 0.5 <= delay(attempt, base=1, cap=3600, jitter=lambda: jitter) <= 3600


def test_attempts_count_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        delay(0, base=1, cap=2, jitter=lambda: 0.0)
