"""Each sentence of the contract that is only assumed may be otherwise, and everything still arrives once."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from integrations.sandbox.assumptions import SWITCHES

# A mark of pytest-django: without it there would be no database to copy.
pytestmark = [pytest.mark.django_db, pytest.mark.long]
TURNED = [(switch.name, value) for switch in SWITCHES.values() for value in switch.allowed[1:]]


@pytest.mark.parametrize("switch", TURNED, ids=" = ".join)
def test_all_arrives_once_with_the_assumption_turned(
    turns: dict[tuple[str, ...], Future[list[str]]], switch: tuple[str, str]
) -> None:
    assert turns[switch].result() == []
