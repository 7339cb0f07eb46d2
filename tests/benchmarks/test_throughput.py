"""With limits off: one worker beside a bare loop of the same requests and commits, and two beside one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.benchmarks.conftest import onboard
from tests.journeys.yard import Slot, Yard

pytestmark = pytest.mark.bench
RECORDS, ROUNDS, CALM = 250, 8, {"DELIVERY_LEASE": 90.0, "INBOX_HEALTH_DEADLINE": 20.0}


def paces(slot: Slot, workers: int) -> float:
    """Records a second that so many one-sender processes deliver of one batch."""
    slot.run("more_patients", name="North", number=RECORDS, seconds=300)
    slot.run("ask", name="North")
    told = [one.result(300).result for one in [slot.start("deliver") for _ in range(workers)]]
    return sum(t["handled"] for t in told) / max(t["seconds"] for t in told)


def bare(slot: Slot) -> float:
    told = slot.run("bare", number=RECORDS)
    return float(told["handled"] / told["seconds"])


def test_one_worker_keeps_pace_with_a_quarter_of_a_bare_loop_and_two_do_half_as_much_again(
    yard_with: Callable[..., Yard],
) -> None:
    with yard_with().slot(**CALM) as slot:
        onboard(slot)
        rounds = [(bare(slot), paces(slot, 1), paces(slot, 2)) for _ in range(ROUNDS)]
        fsync = slot.run("fsync")
    # The best of each: what a machine that others use as well can do in a quiet moment.
    loop, one, two = (max(column) for column in zip(*rounds, strict=True))
    print(
        f"\nfsync {fsync}: bare loop {loop:.0f}/s, one worker {one:.0f}/s, two {two:.0f}/s:"
        f" {one / loop:.2f} of the loop, {two / one:.2f} times one;"
        f" rounds {[[round(each) for each in row] for row in rounds]}"
    )
    assert one >= 0.25 * loop
    assert two >= 1.5 * one
