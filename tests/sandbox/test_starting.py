"""The command line: what it prints, and what it refuses in one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from integrations.sandbox.assumptions import describe
from tests.sandbox_process import PROJECT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "integrations.sandbox", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=20, check=False)


def test_the_switches_can_be_printed() -> None:
    ended = run("--assumptions")
    assert (ended.returncode, ended.stdout.strip()) == (0, describe())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--state DIR is needed"),
        (["--state", "x", "--assume", "meta=perhaps"], "meta takes present or absent"),
        (["--state", "x", "--assume", "nonsense"], "no assumption is called 'nonsense'"),
        (["--state", "x", "--fault", '{"kind": "x"}'], "a fault is an object with a kind"),
        (["--state", "x", "--fault", "{"], "Expecting property name"),
        (["--state", "x", "--rate", "0"], "must be above 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(arguments: list[str], said: str) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_taken_port_and_a_taken_folder_are_clear_messages(start: Callable[..., Any], tmp_path: Any) -> None:
    _child, running = start(state=tmp_path / "one")
    port = running.url.rpartition(":")[2]
    taken_port = run("--port", port, "--state", str(tmp_path / "two"))
    taken_folder = run("--port", "0", "--state", str(tmp_path / "one"))
    assert (taken_port.returncode, taken_folder.returncode) == (1, 1)
    assert "Address already in use" in taken_port.stderr
    assert "another sandbox is running on" in taken_folder.stderr
    assert len(taken_port.stderr.splitlines()) == len(taken_folder.stderr.splitlines()) == 1
