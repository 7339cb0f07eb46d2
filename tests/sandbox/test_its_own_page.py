"""The page at / and /api, and the agreement of its table with the client's."""

from __future__ import annotations

import re

import pytest

from integrations.inboxhealth.operations import OPERATIONS
from integrations.sandbox.assumptions import SWITCHES
from integrations.sandbox.faults import KINDS
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.routes import table
from tests.sandbox.conftest import Caller
from tests.sandbox_process import Sandbox


@pytest.mark.parametrize("path", ["/", "/api", "/api/"])
def test_it_says_what_it_is_and_loads_nothing(sandbox: Sandbox, path: str) -> None:
    seen = Caller(sandbox.url).send("GET", path)
    text = seen.body.decode()
    assert seen.status == 200
    assert sandbox.admin("GET", "state")["instance"] in text
    for name in (*KINDS, *SWITCHES, *(name for name, _verb, _path in table())):
        assert f"<td>{name}</td>" in text
    assert not re.search(r"(src=|href=\"http|@import|url\()", text)


def test_another_path_is_a_page_that_says_so(sandbox: Sandbox) -> None:
    assert Caller(sandbox.url).send("GET", "/elsewhere").status == 404


def test_its_routes_and_the_clients_operations_agree() -> None:
    theirs = {
        (one.name, one.verb, one.path)
        for one in OPERATIONS.values()
        if one.name.partition(".")[0] in RESOURCES
    }
    assert set(table()) == theirs
