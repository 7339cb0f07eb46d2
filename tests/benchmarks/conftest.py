"""Services for the benchmarks: durable ones, with fsync as in a deployment, and a yard upon them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from partnerportal.local import local_env
from partnerportal.local.layout import Layout
from partnerportal.local.processes import bound_to_parent, stop_child
from partnerportal.local.programs import MIGRATE, Program
from partnerportal.local.services import Hold
from tests.journeys.yard import PROJECT, Services, Slot, Yard

Celery = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(scope="session")
def durable() -> Iterator[Services]:
    """A PostgreSQL that flushes each commit to the disk, migrated; and a Valkey."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o711)  # ours, made this moment: PostgreSQL's user must be able to pass through
    hold = Hold(Layout(folder), hasty=False, throwaway=True)
    known = local_env.read(hold.layout.env_file)
    addresses = (known["DATABASE_URL"], known["SERVICE_DATABASE_URL"], known["REDIS_URL"])
    services = Services.at(*addresses, "portal")
    subprocess.run(MIGRATE.argv(), cwd=PROJECT, env=services.environment("portal"), check=True)
    yield services
    hold.release_and_wait()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def yard_with(durable: Services, tmp_path: Path) -> Iterator[Callable[..., Yard]]:
    """A yard of one slot; its arguments are the sandbox's, none means no limit."""
    made: list[Yard] = []

    def make(*sandbox: str) -> Yard:
        made.append(Yard(durable, tmp_path, 1, *sandbox))
        return made[-1]

    yield make
    for yard in made:
        yard.close()


@contextmanager
def celery(
    slot: Slot, services: Services, log: Path, command: list[str]
) -> Iterator[subprocess.Popen[bytes]]:
    """One of the portal's programs, on the slot's deployment."""
    with log.open("ab") as file:
        child = subprocess.Popen(
            Program("program", command).argv(),
            cwd=PROJECT,
            env=slot.environment(services),
            stdout=file,
            stderr=file,
            preexec_fn=bound_to_parent(),
        )
    try:
        yield child
    finally:
        stop_child(child, (15, 9), patience=15)


def onboard(slot: Slot, name: str = "North") -> None:
    """An enterprise that is there, so that only patients are counted."""
    slot.run("open_key")
    slot.run("make", name=name, practices=1)
    slot.run("ask", name=name, what="enterprise")
    assert slot.run("work") == "quiet"
