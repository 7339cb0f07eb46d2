"""A DATA_DIR of its own for each test here, empty of processes at the end."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerportal.local.layout import Layout
from partnerportal.local.processes import wait_until
from tests.local.leftovers import processes_of


@pytest.fixture
def place() -> Iterator[Layout]:
    """Fails the test that leaves a process behind, and ends that process by its id."""
    folder = Path(tempfile.mkdtemp(prefix="portal-local-"))
    folder.chmod(0o711)  # made this moment, ours: PostgreSQL's user must be able to pass through
    place = Layout(folder / "var")
    yield place
    wait_until(lambda: not processes_of(folder), 10)
    left = processes_of(folder)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    if place.postgres_home.exists():
        shutil.rmtree(place.postgres_home.read_text())
    shutil.rmtree(folder)
    assert not left, f"left running: {left}"
