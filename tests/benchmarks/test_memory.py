"""A Celery worker stays below 250 MB, and is at the 20,000th record where it was at the 1,000th."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from partnerportal.local.programs import WORKER
from tests.benchmarks.conftest import celery, onboard
from tests.journeys.yard import Services, Yard

pytestmark = pytest.mark.bench
RECORDS, FIRST, MOST, FLAT = 20_000, 1_000, 250.0, 20.0  # records, megabytes


def megabytes(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def test_a_worker_that_delivers_twenty_thousand_does_not_grow(
    yard_with: Callable[..., Yard], durable: Services, tmp_path: Path
) -> None:
    calm = {"DELIVERY_LEASE": 90.0, "INBOX_HEALTH_DEADLINE": 20.0, "DELIVERY_UNKNOWN_DELAY": 120.0}
    with yard_with().slot(**calm) as slot:
        onboard(slot)
        slot.run("more_patients", name="North", number=RECORDS, in_bulk=True, seconds=600)
        with celery(slot, durable, tmp_path / "log", WORKER) as worker:
            slot.run("ask", name="North", seconds=600)
            began, seen = time.monotonic(), {}
            while (done := slot.run("delivered")) < RECORDS and time.monotonic() - began < 1800:
                seen[done] = megabytes(worker.pid)
                slot.run("ring_bulk")
                time.sleep(3)
            seconds = time.monotonic() - began
            seen[done] = megabytes(worker.pid)
            used = (
                sum(
                    map(float, Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[11:13])
                )
                / 100
            )
    first = next(size for number, size in seen.items() if number >= FIRST)
    print(
        f"\n{done} records in {seconds:.0f} s ({done / seconds:.0f}/s): {first:.0f} MB at the {FIRST}th,"
        f" {seen[done]:.0f} MB at the last, at most {max(seen.values()):.0f} MB; {used * 1000 / done:.1f} ms"
        " of processor time a record"
    )
    assert done == RECORDS
    assert max(seen.values()) < MOST
    assert max(seen.values()) - first < FLAT
