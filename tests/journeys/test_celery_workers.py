"""The same with real Celery workers and a real beat: one worker dies with -9, another goes on."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from partnerportal.local.processes import bound_to_parent, stop_child
from partnerportal.local.programs import BEAT, INTERACTIVE, WORKER, Program
from tests.journeys.scenes import fault
from tests.journeys.yard import PROJECT, Slot, Yard

pytestmark = pytest.mark.django_db


@contextmanager
def running(
    slot: Slot, yard: Yard, log: Path, command: list[str], **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    environment = slot.environment(yard.services, DELIVERY_SWEEP_SECONDS="1", **more)
    with log.open("ab") as file:
        child = subprocess.Popen(
            Program("program", command).argv(),
            cwd=PROJECT,
            env=environment,
            stdout=file,
            stderr=file,
            preexec_fn=bound_to_parent(),
        )
    try:
        yield child
    finally:
        stop_child(child, (15, 9), patience=10)


def test_a_celery_worker_that_dies_between_request_and_answer_leaves_the_patient_there_once(
    yard: Yard, tmp_path: Path
) -> None:
    mark, log = tmp_path / "died", tmp_path / "log"
    with yard.slot() as slot:
        slot.run("open_key")
        slot.run("make", name="North", practices=1, patients=2)
        crash = {"PORTAL_CRASH_POINT": "answer_received:2", "PORTAL_CRASH_MARK": str(mark)}
        fault(slot, "half", "patients.create")
        with (
            running(slot, yard, log, WORKER, **crash) as first,
            running(slot, yard, log, INTERACTIVE),
            running(slot, yard, log, BEAT),
        ):
            slot.run("ask", name="North")
            assert first.wait(60) == -9, log.read_text()
            with running(slot, yard, log, WORKER):
                end = time.monotonic() + 60
                while not slot.run("is_quiet") and time.monotonic() < end:
                    time.sleep(0.5)
        assert slot.run("verify") == [], log.read_text()
        assert mark.exists()
