"""The sandbox serves what the client's table lists: the same names, verbs and paths, and nothing else."""

from __future__ import annotations

from integrations.inboxhealth.operations import OPERATIONS
from integrations.sandbox.routes import match, table


def test_sandbox_and_client_know_the_same_operations() -> None:
    served = {(name, verb, path) for name, verb, path in table()}
    assert served == {(one.name, one.verb, one.path) for one in OPERATIONS.values()}


def test_every_operation_of_the_table_finds_its_route() -> None:
    for operation in OPERATIONS.values():
        route = match(operation.verb, "/partner/v2" + operation.path.replace("{id}", "7"))
        assert route is not None, operation.name
        assert route.operation == operation.name
        assert route.record_id == (7 if "{id}" in operation.path else 0)
