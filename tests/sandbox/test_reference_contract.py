"""schemathesis against the sandbox, from the contract's document: no 5xx, no answer outside the contract.

Half of the requests name records that are there, so that not everything ends as "not found".
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from integrations.inboxhealth.examples import example, with_body
from integrations.inboxhealth.openapi import document
from integrations.inboxhealth.operations import OPERATIONS, Operation
from tests.sandbox.conftest import Caller, basic
from tests.sandbox_process import KEY, Sandbox

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Of the sub-collections, which are one piece of code, a short run takes one.
SHORT = [
    name
    for name, operation in OPERATIONS.items()
    if operation.action in ("list", "get", "create", "update", "delete", "quick_pay", "patients")
]


@cache
def loaded(base_url: str) -> Any:
    return schemathesis.openapi.from_dict(document(base_url))


@pytest.fixture
def ids(api: Caller) -> dict[str, int]:
    """One record of each kind, made from the examples; the newest id by noun."""
    known: dict[str, int] = {}
    for operation in [one for one in with_body() if one.action == "create"]:
        seen = api.call("POST", operation.path, there(example(operation), known))
        assert seen.status == 201, (operation.name, seen)
        known[operation.root] = seen.json[operation.root]["id"]
        if operation.root == "enterprise":
            known["practice"] = api.ids(f"/enterprises/{known['enterprise']}/practices")[0]
    return known


def there(value: Any, ids: dict[str, int]) -> Any:
    """The same with the ids of records that are there."""
    if isinstance(value, dict):
        return {
            name: ids.get(str(name).removesuffix("_id"), inner)
            if str(name).endswith("_id")
            else there(inner, ids)
            for name, inner in value.items()
        }
    return [there(inner, ids) for inner in value] if isinstance(value, list) else value


def hold(base_url: str, operation: Operation, ids: dict[str, int], examples: int, start: int = 0) -> None:
    """So many requests of one operation, right and wrong ones, each held to the document."""
    requests = loaded(base_url)[operation.path][operation.verb]
    modes = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    right, wrong = (requests.as_strategy(generation_mode=mode) for mode in modes)
    noun = OPERATIONS.get(f"{operation.name.partition('.')[0]}.create", operation).root

    @seed(start)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=right | wrong, named=st.booleans())
    def keeps_to_it(case: Any, named: bool) -> None:
        if named and noun in ids:
            case.body = there(case.body, ids)
            case.path_parameters |= {"id": ids[noun]} if "{id}" in operation.path else {}
        case.call_and_validate(base_url=base_url, headers=basic(KEY), checks=CHECKS)

    keeps_to_it()


@pytest.mark.parametrize("name", SHORT)
def test_no_request_brings_an_answer_outside_the_contract(
    sandbox: Sandbox, ids: dict[str, int], name: str
) -> None:
    hold(sandbox.base_url, OPERATIONS[name], ids, 5)


@pytest.mark.long
@pytest.mark.parametrize("name", OPERATIONS)
def test_nor_do_many(sandbox: Sandbox, ids: dict[str, int], name: str) -> None:
    hold(sandbox.base_url, OPERATIONS[name], ids, 12, start=1)
