"""A batch of 1,000 under 10 a second and a burst of 100 takes what the limit takes, without one 429."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from partnerportal.local.programs import WORKER
from tests.benchmarks.conftest import celery, onboard
from tests.journeys.yard import Services, Yard

pytestmark = pytest.mark.bench
RECORDS, RATE, BURST, SENDERS = 1000, 10.0, 100, 4
RESERVE = SENDERS + 3  # tokens that bulk leaves to those who wait


def test_a_batch_of_a_thousand_takes_hardly_longer_than_the_floor_and_meets_no_429(
    yard_with: Callable[..., Yard], durable: Services, tmp_path: Path
) -> None:
    limits = {"INBOX_HEALTH_RATE": RATE, "INBOX_HEALTH_BURST": BURST, "DELIVERY_SENDERS": SENDERS}
    calm = {"DELIVERY_LEASE": 90.0, "INBOX_HEALTH_DEADLINE": 20.0, "DELIVERY_UNKNOWN_DELAY": 120.0}
    with yard_with("--rate", str(RATE), "--burst", str(BURST)).slot(**limits, **calm) as slot:
        onboard(slot)
        slot.run("more_patients", name="North", number=RECORDS, seconds=300)
        with celery(slot, durable, tmp_path / "log", WORKER):
            time.sleep(BURST / RATE + 2)  # the bucket is full at the start, and the worker is up
            slot.run("ask", name="North")
            floor = max(0.0, RECORDS - (BURST - 2 - RESERVE)) / RATE
            end = time.monotonic() + 2 * floor
            while slot.run("delivered") < RECORDS and time.monotonic() < end:
                time.sleep(1)
            took = slot.run("batch_seconds")
        refused = slot.sandbox.admin("GET", "state")["too_many_requests"]
    print(
        f"\nbatch of {RECORDS}: {took:.2f} s, floor {floor:.2f} s, ratio {took / floor:.4f}, {refused} × 429"
    )
    assert refused == 0
    assert took <= 1.02 * floor
