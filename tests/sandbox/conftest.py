"""What the sandbox's tests share: a caller, an enterprise to work in, books, and extra processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from partnerportal.local.processes import stop_child
from tests.sandbox.caller import LUIGI, Caller, Seen, basic
from tests.sandbox.listener import Listener
from tests.sandbox.money import Books
from tests.sandbox_process import KEY, Sandbox, start_sandbox

__all__ = ["LUIGI", "Caller", "Seen", "basic"]


@pytest.fixture
def api(sandbox: Sandbox) -> Caller:
    return Caller(sandbox.url, basic(KEY))


@pytest.fixture
def enterprise(api: Caller) -> int:
    return int(api.create("enterprise", name="Thimbleweed Clinic", city="New Haven")["id"])


@pytest.fixture
def patients(api: Caller, enterprise: int) -> list[int]:
    """Seven patients, the oldest first."""
    names = ("Kirby", "Mario", "Luigi", "Peach", "Toad", "Élodie", "Mariola")
    made = [
        api.create("patient", enterprise_id=enterprise, first_name=one, last_name="Tester") for one in names
    ]
    return [one["id"] for one in made]


@pytest.fixture
def books(api: Caller, enterprise: int) -> Books:
    """One patient of the enterprise, who owes nothing yet."""
    (practice,) = api.ids(f"/enterprises/{enterprise}/practices")
    patient = api.create("patient", **LUIGI, enterprise_id=enterprise)["id"]
    return Books(api, enterprise, practice, patient)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts a sandbox of the test's own; the state folder is the test's unless `state` says otherwise."""
    children = []

    def starter(*arguments: str, state: Path | None = None) -> Any:
        child, running = start_sandbox(state or tmp_path / "state", *arguments)
        children.append(child)
        return child, running

    yield starter
    for child in children:
        stop_child(child, (15, 9))
