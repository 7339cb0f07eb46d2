"""Crash points do harm by design: outside tests neither the variable nor a hook is taken."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.kernel import checks
from partnerportal.kernel.crash import crash_point, hook_points

NAME = "PORTAL_CRASH_POINT"


def _errors() -> set[str | None]:
    return {message.id for message in checks.configuration()}


def test_a_hook_is_told_of_each_point_until_it_is_taken_off() -> None:
    passed: list[str] = []
    hook_points(passed.append)
    crash_point("claimed")
    hook_points()
    crash_point("settled")
    assert passed == ["claimed"]


def test_outside_tests_there_is_no_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_VERSION")
    with pytest.raises(RuntimeError):
        hook_points(print)


def test_outside_tests_and_local_mode_the_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv(NAME, "nowhere")
    assert "portal.E006" not in _errors()
    monkeypatch.delenv("PYTEST_VERSION")
    settings.LOCAL = False
    assert "portal.E006" in _errors()
    settings.LOCAL = True
    assert "portal.E006" not in _errors()
