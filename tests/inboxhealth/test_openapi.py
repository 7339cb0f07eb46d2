"""The OpenAPI document: valid by a public validator, every fact with its source, every example as we send."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate

from integrations.inboxhealth.examples import example, with_body
from integrations.inboxhealth.meanings import SOURCES
from integrations.inboxhealth.openapi import document
from integrations.inboxhealth.operations import OPERATIONS, Operation
from integrations.inboxhealth.schemas import in_words


def test_a_public_validator_finds_it_valid() -> None:
    validate(document("https://api.example.com/partner/v2"))


def test_it_holds_every_operation_of_the_table() -> None:
    paths = document("https://api.example.com/partner/v2")["paths"].values()
    assert {row["operationId"] for path in paths for row in path.values()} == set(OPERATIONS)


def test_every_attribute_that_can_be_sent_has_a_meaning_and_a_source() -> None:
    schemas = document("https://api.example.com/partner/v2")["components"]["schemas"]
    sent = {name: schema for name, schema in schemas.items() if not name.endswith("Record")}
    silent = [
        f"{name}.{attribute}"
        for name, schema in sent.items()
        for attribute, said in schema["properties"].items()
        if not said.get("description") or said.get("x-source") not in SOURCES
    ]
    assert silent == []


@pytest.mark.parametrize("operation", with_body(), ids=lambda one: one.name)
def test_every_body_has_an_example_that_keeps_to_the_contract(operation: Operation) -> None:
    assert operation.request is not None
    operation.request.model_validate(example(operation))


def test_sources_are_said_in_plain_words() -> None:
    assert in_words("[D] contract 4; delete [O]") == (
        "the vendor's later guide; delete: seen in other integrations"
    )
    assert not any("[" in in_words(operation.source) for operation in OPERATIONS.values())
