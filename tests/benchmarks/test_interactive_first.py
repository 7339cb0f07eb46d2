"""While a batch runs on eight senders, whoever pushes one record by hand hardly waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from partnerportal.local.programs import INTERACTIVE, WORKER
from tests.benchmarks.conftest import celery, onboard
from tests.journeys.yard import Services, Yard

pytestmark = pytest.mark.bench
PUSHES, EVERY, RATE, BURST, SENDERS = 200, 0.4, 10.0, 100, 8
MOST = 3 / RATE  # seconds: three token intervals


def test_a_push_by_hand_starts_within_three_token_intervals(
    yard_with: Callable[..., Yard], durable: Services, tmp_path: Path
) -> None:
    limits = {"INBOX_HEALTH_RATE": RATE, "INBOX_HEALTH_BURST": BURST, "DELIVERY_SENDERS": SENDERS}
    calm = {"DELIVERY_LEASE": 90.0, "INBOX_HEALTH_DEADLINE": 20.0, "DELIVERY_UNKNOWN_DELAY": 120.0}
    eight = ["8" if word == "4" else word for word in WORKER]
    with yard_with("--rate", str(RATE), "--burst", str(BURST)).slot(**limits, **calm) as slot:
        onboard(slot)
        slot.run("make", name="South", practices=1, patients=PUSHES)
        slot.run("ask", name="South", what="enterprise")
        assert slot.run("work") == "quiet"
        slot.run("more_patients", name="North", number=1200, seconds=300)
        log = tmp_path / "log"
        with celery(slot, durable, log, eight), celery(slot, durable, log, INTERACTIVE):
            time.sleep(8)
            slot.run("ask", name="North")
            time.sleep(12)  # the burst is gone: from now on each token is fought for
            slot.run("push_each", name="South", every=EVERY, seconds=300)
            waits = sorted(slot.run("waits", name="South"))
            still = slot.run("waiting")
        refused = slot.sandbox.admin("GET", "state")["too_many_requests"]
    print(
        f"\n{len(waits)} pushes beside {still} in bulk: median {waits[len(waits) // 2] * 1000:.0f} ms,"
        f" p99 {waits[-3] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms, {refused} × 429"
    )
    assert len(waits) == PUSHES
    assert still > 0, "the batch was over before the pushes were"
    assert waits[-3] <= MOST
    assert refused == 0
