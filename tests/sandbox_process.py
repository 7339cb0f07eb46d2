"""Fixture `sandbox`: a real local Inbox Health, a process of its own, emptied before each test."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from partnerportal.local.processes import bound_to_parent, stop_child

PROJECT = Path(__file__).resolve().parent.parent
KEY = "sandbox-key-of-the-tests"
READY = "Sandbox ready at "


@dataclass
class Sandbox:
    """Where it is and how to steer it. No slash ends a `url`; `base_url` is what a client is given."""

    url: str
    state: Path
    api_key: str = KEY

    @property
    def base_url(self) -> str:
        return f"{self.url}/partner/v2"

    def admin(self, verb: str, path: str, body: Any = None) -> Any:
        """Call `/_sandbox/{path}`; returns the decoded JSON, or None for an empty answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(
            Request(f"{self.url}/_sandbox/{path}", data, headers, method=verb), timeout=10
        ) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def reset(self) -> None:
        self.admin("POST", "reset")

    def fault(self, **fault: Any) -> None:
        """Script a fault, say kind="drop_after", operation="patients.create", count=1."""
        self.admin("POST", "faults", fault)

    def release(self) -> int:
        """What the fault "held" has kept back takes effect now; how many requests."""
        return int(self.admin("POST", "release")["released"])

    def assume(self, **assumptions: str) -> None:
        self.admin("POST", "assume", assumptions)

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        seen = self.admin("GET", f"requests?since={since}")
        return list(seen["requests"] if isinstance(seen, dict) else seen)

    def records(self, resource: str) -> list[dict[str, Any]]:
        kept = self.admin("GET", f"records/{resource}")
        return list(kept["records"] if isinstance(kept, dict) else kept)


def start_sandbox(state: Path, *arguments: str) -> tuple[subprocess.Popen[bytes], Sandbox]:
    """Start one on a free port and wait for its line; `arguments` as on its command line."""
    command = [sys.executable, "-m", "integrations.sandbox", "--port", "0", "--api-key", KEY]
    child = subprocess.Popen(
        [*command, "--state", str(state), *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=bound_to_parent(),
    )
    assert child.stdout is not None
    said = []
    for line in child.stdout:
        said.append(line.decode())
        if said[-1].startswith(READY):
            threading.Thread(target=child.stdout.read, daemon=True).start()
            return child, Sandbox(said[-1].removeprefix(READY).strip().rstrip("/"), state)
    raise AssertionError("the sandbox did not start:\n" + "".join(said))


@pytest.fixture(scope="session")
def sandbox_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    child, running = start_sandbox(tmp_path_factory.mktemp("sandbox"), "--no-rate-limit")
    yield running
    stop_child(child, (15, 9))


@pytest.fixture
def sandbox(sandbox_of_the_run: Sandbox) -> Sandbox:
    """Empty, without faults, without a rate limit, with its default assumptions."""
    sandbox_of_the_run.reset()
    return sandbox_of_the_run
