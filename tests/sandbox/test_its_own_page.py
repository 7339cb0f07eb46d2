"""The page at / and /api: it lists every operation, switch and fault, and loads nothing."""

from __future__ import annotations

import re

import pytest

from integrations.sandbox.assumptions import SWITCHES
from integrations.sandbox.faults import EVENT_KINDS, KINDS
from integrations.sandbox.routes import table
from tests.sandbox.conftest import Caller
from tests.sandbox_process import Sandbox


@pytest.mark.parametrize("path", ["/", "/api", "/api/"])
def test_it_says_what_it_is_and_loads_nothing(sandbox: Sandbox, path: str) -> None:
    seen = Caller(sandbox.url).send("GET", path)
    text = seen.body.decode()
    assert seen.status == 200
    assert sandbox.admin("GET", "state")["instance"] in text
    for name in (*KINDS, *EVENT_KINDS, *SWITCHES, *(name for name, _verb, _path in table())):
        assert f"<td>{name}</td>" in text
    assert not re.search(r"(src=|href=\"http|@import|url\()", text)


def test_another_path_is_a_page_that_says_so(sandbox: Sandbox) -> None:
    assert Caller(sandbox.url).send("GET", "/elsewhere").status == 404
