"""300 patients of three enterprises, all faults at random, workers killed at random, Redis emptied twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

import pytest
import redis

from tests.journeys.scenes import FAULTS, MORE
from tests.journeys.yard import Running, Slot, Yard

pytestmark = pytest.mark.django_db
PATIENTS, ENTERPRISES, WORKERS, KILLS, FLUSHES = 100, ("North", "South", "East"), 3, 12, 2
CHANCE = 0.02  # of each fault, for each request


@dataclass
class Told:
    """The figures of one storm."""

    seed: int
    seconds: float
    requests: int
    faults: dict[str, int]
    killed: int
    there: dict[str, int]
    wrong: list[str]


def storm(slot: Slot, seed: int) -> Told:
    chance = random.Random(seed)
    slot.run("open_key")
    for name in ENTERPRISES:
        slot.run("make", name=name, practices=2, patients=PATIENTS)
        slot.run("ask", name=name)
    for number, kind in enumerate(fault for fault in FAULTS if fault != "none"):
        slot.sandbox.fault(
            kind=kind, operation="*", probability=CHANCE, seed=seed * 100 + number, **MORE.get(kind, {})
        )
    before, began = Counter(_fired(slot)), time.monotonic()
    workers = [slot.begin("work", seconds=600) for _ in range(WORKERS)]
    killed = 0
    for turn in range(KILLS):
        time.sleep(chance.uniform(0.5, 2.0))
        if turn * FLUSHES % KILLS < FLUSHES:
            redis.Redis.from_url(slot.settings["REDIS_URL"]).flushall()
        killed += _replace(slot, workers, chance)
    said = [worker.ended.result(600).result for worker in workers] + [slot.run("work", seconds=240)]
    seen, faults = slot.sandbox.admin("GET", "state"), dict(Counter(_fired(slot)) - before)
    wrong = [word for word in said if word != "quiet"] + list(slot.run("verify"))
    return Told(
        seed,
        time.monotonic() - began,
        len(slot.sandbox.requests()),
        faults,
        killed,
        seen["records"],
        wrong,
    )


def _fired(slot: Slot) -> dict[str, int]:
    fired: dict[str, int] = slot.sandbox.admin("GET", "state")["faults_fired"]
    return fired


def _replace(slot: Slot, workers: list[Running], chance: random.Random) -> int:
    """One worker is killed, wherever it is, and another takes its place; 1 where it still lived."""
    place = chance.randrange(len(workers))
    ended = workers[place].kill()
    workers[place] = slot.begin("work", seconds=600)
    return int(ended.status == -9)


def _assert_calm(told: Told) -> None:
    print(
        f"\nseed {told.seed}: {told.seconds:.0f} s, {told.requests} requests,"
        f" {sum(told.faults.values())} faults"
        f" {told.faults}, there are {told.there}, {told.killed} workers killed, Redis emptied {FLUSHES} times"
    )
    assert told.wrong == []
    assert told.there["patients"] == PATIENTS * len(ENTERPRISES)
    assert told.killed >= KILLS // 2
    assert sum(told.faults.values()) >= 20


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_storm_leaves_every_patient_there_once(yard: Yard) -> None:
    with yard.slot() as slot:
        _assert_calm(storm(slot, seed=1))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 21))
def test_so_do_twenty_storms(yard: Yard, seed: int) -> None:
    with yard.slot() as slot:
        _assert_calm(storm(slot, seed))
