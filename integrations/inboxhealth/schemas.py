"""The contract's models as JSON schemas, each attribute with its meaning and where we know it from.

Owns the components of the OpenAPI document. May import contract, operations and meanings.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic.json_schema import models_json_schema

from integrations.inboxhealth.contract.model import Record, Request
from integrations.inboxhealth.contract.page import MetaRecord
from integrations.inboxhealth.contract.problem import ProblemRecord
from integrations.inboxhealth.meanings import SOURCES, Meaning, meaning
from integrations.inboxhealth.operations import OPERATIONS

REF = "#/components/schemas/"
_Json = dict[str, Any]


def components() -> _Json:
    """All models that the operations name, and what those name in turn."""
    models: set[type[Request] | type[Record]] = {MetaRecord, ProblemRecord}
    for operation in OPERATIONS.values():
        models |= {model for model in (operation.request, operation.response) if model is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, definitions = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=REF + "{model}"
    )
    schemas: _Json = definitions["$defs"]
    for name, schema in schemas.items():
        # What our models' docstrings say is for who reads the code.
        schema.pop("description", None)
        for attribute, said in schema.get("properties", {}).items():
            _explain(noun_of(name), attribute, said)
    return schemas


def noun_of(schema: str) -> str:
    """The noun a model is of: "PatientAttributesUpdateBody" is "patient"."""
    name = re.sub(r"(UpdateBody|Body)$", "", schema)
    name = re.sub(r"(Attributes|Request|Change|Child|Record)$", "", name)
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _explain(noun: str, attribute: str, said: _Json) -> None:
    # pydantic's default for "not sent": the API would read a null as "empty this".
    said.pop("default", None)
    said.pop("title", None)
    known = meaning(noun, attribute)
    if known is None and "$ref" in said:
        known = Meaning("The record's attributes, below its root key.", "D")
    if known is not None:
        said["description"] = f"{known.text} Source: {known.source}."
        said["x-source"] = known.mark


def marks(source: str) -> list[str]:
    """The marks in an operation's source: "[D] contract 4; delete [O]" has D and O."""
    return [mark for mark in re.findall(r"\[([A-Z])\]", source) if mark in SOURCES]


def in_words(source: str) -> str:
    """An operation's source in plain words: "the vendor's later guide; delete: our assumption"."""
    parts = [part.strip() for part in source.replace(" contract 4", "").split(";")]
    return "; ".join(_words(part) for part in parts)


def _words(part: str) -> str:
    found = marks(part)
    what = re.sub(r"\s*\[[A-Z]\]\s*", "", part).strip()
    words = SOURCES[found[0]] if found else SOURCES.get(part, part)
    return f"{what}: {words}" if what and found else words
