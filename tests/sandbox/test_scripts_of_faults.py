"""Which request a fault hits: by operation, count, order and seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError

import pytest

from integrations.sandbox.faults import KINDS, FaultBook
from integrations.sandbox.misbehaviour import ACTS
from tests.sandbox.conftest import Caller, basic
from tests.sandbox_process import KEY, Sandbox


def statuses(api: Caller, times: int, path: str = "/patients") -> list[int]:
    return [api.call("GET", path).status for _ in range(times)]


@pytest.mark.parametrize("operation", ["patients.list", "*", "GET", "list", "patients.*", "*.list"])
def test_an_operation_is_named_in_several_ways(sandbox: Sandbox, api: Caller, operation: str) -> None:
    sandbox.fault(kind="500_before", operation=operation)
    assert statuses(api, 1) == [500]


@pytest.mark.parametrize("operation", ["patients.create", "POST", "doctors.*", "patients"])
def test_another_operation_is_left_alone(sandbox: Sandbox, api: Caller, operation: str) -> None:
    sandbox.fault(kind="500_before", operation=operation)
    assert statuses(api, 1) == [200]


def test_it_skips_the_first_and_ends_after_its_count(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault(kind="500_before", after=2, count=2)
    assert statuses(api, 6) == [200, 200, 500, 500, 200, 200]
    (line,) = sandbox.admin("GET", "faults")["faults"]
    assert (line["seen"], line["fired"]) == (6, 2)
    assert sandbox.admin("GET", "state")["faults_fired"]["500_before"] >= 2


def test_chance_repeats_itself_for_the_same_seed(sandbox: Sandbox, api: Caller) -> None:
    runs = []
    for seed in (1, 1, 2):
        sandbox.admin("DELETE", "faults")
        sandbox.fault(kind="500_before", probability=0.5, seed=seed)
        runs.append(statuses(api, 30))
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 500}


def test_the_first_line_that_fires_is_the_one_that_happens(sandbox: Sandbox, api: Caller) -> None:
    sandbox.fault(kind="500_before", count=1)
    sandbox.fault(kind="html_before", count=1)
    assert statuses(api, 3) == [500, 502, 200]


def test_one_line_or_all_can_be_taken_away(sandbox: Sandbox, api: Caller) -> None:
    made = sandbox.admin("POST", "faults", [{"kind": "500_before"}, {"kind": "html_before"}])["faults"]
    sandbox.admin("DELETE", f"faults/{made[0]['id']}")
    assert statuses(api, 1) == [502]
    sandbox.admin("DELETE", "faults")
    assert statuses(api, 1) == [200]


def test_a_script_can_stand_on_the_command_line(start: Callable[..., Any]) -> None:
    script = json.dumps({"kind": "429", "count": 1, "operation": "*"})
    _child, running = start("--fault", script)
    assert statuses(Caller(running.url, basic(KEY)), 2) == [429, 200]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [1],
        {"kind": "nonsense"},
        {"kind": "hang", "count": "one"},
        {"kind": "hang", "count": -1},
        {"kind": "late", "delay": None},
        {"kind": "late", "connection": "open"},
        {"kind": "hang", "operation": 5},
        {"kind": "hang", "surprise": 1},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox, wrong: Any) -> None:
    with pytest.raises(HTTPError, match="400"):
        sandbox.admin("POST", "faults", wrong)
    with pytest.raises(ValueError, match=r"\w"):
        FaultBook().add(wrong)


def test_every_kind_that_can_be_scripted_is_acted_on() -> None:
    assert ACTS.keys() == KINDS.keys()
