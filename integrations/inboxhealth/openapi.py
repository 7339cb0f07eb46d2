"""The table of operations as an OpenAPI 3.1 document.

Owns the translation only: whatever it says stands in operations and contract. May import both.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic.json_schema import models_json_schema

from integrations.inboxhealth.contract.model import Record, Request
from integrations.inboxhealth.contract.page import MetaRecord
from integrations.inboxhealth.contract.problem import ProblemRecord
from integrations.inboxhealth.operations import OPERATIONS, Operation

_REF = "#/components/schemas/"
_Json = dict[str, Any]


def document(server_url: str) -> _Json:
    """OpenAPI 3.1 of every operation, for a server at `server_url` (the API base, `…/partner/v2`)."""
    paths: dict[str, _Json] = {}
    for operation in OPERATIONS.values():
        paths.setdefault(operation.path, {})[operation.verb.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Inbox Health Partner API", "version": "2"},
        "servers": [{"url": server_url}],
        "security": [{"basic": []}, {"apiKey": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The API key as user, no password.",
                },
                "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
        },
    }


def _operation(operation: Operation) -> _Json:
    described: _Json = {
        "operationId": operation.name,
        "tags": [operation.name.partition(".")[0]],
        "summary": operation.action.replace("_", " ").capitalize(),
        "description": f"Source: {operation.source}",
        "parameters": _parameters(operation),
        "responses": {
            "201" if operation.action == "create" else "200": _answer(operation),
            "4XX": _content("Refused", {"$ref": _REF + ProblemRecord.__name__}),
        },
    }
    if operation.request is not None:
        schema = {"$ref": _REF + operation.request.__name__}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _parameters(operation: Operation) -> list[_Json]:
    names = re.findall(r"{(\w+)}", operation.path)
    found: list[_Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}} for name in names
    ]
    if operation.paged:
        found += [
            {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
            {"name": "per_page", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
            {"name": "sort", "in": "query", "schema": {"type": "string"}},
            {
                "name": "filter",
                "in": "query",
                "style": "deepObject",
                "explode": True,
                "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        ]
    return found


def _answer(operation: Operation) -> _Json:
    if operation.binary:
        return {"description": "The file", "content": {"application/octet-stream": {"schema": {}}}}
    if operation.response is None:
        return _content("Done", {})
    record: _Json = {"$ref": _REF + operation.response.__name__}
    if not operation.paged:
        return _content("The record", _object({operation.root: record}) if operation.root else {})
    rows = {"type": "array", "items": record}
    return _content("A page", _object({operation.root: rows, "meta": {"$ref": _REF + MetaRecord.__name__}}))


def _object(properties: _Json) -> _Json:
    return {"type": "object", "properties": properties}


def _content(description: str, schema: _Json) -> _Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _schemas() -> _Json:
    models: set[type[Request] | type[Record]] = {MetaRecord, ProblemRecord}
    for operation in OPERATIONS.values():
        models |= {model for model in (operation.request, operation.response) if model is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, definitions = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=_REF + "{model}"
    )
    schemas: _Json = definitions["$defs"]
    for schema in schemas.values():
        for attribute in schema.get("properties", {}).values():
            # pydantic's default for "not sent": the API would read a null as "empty this".
            attribute.pop("default", None)
    return schemas
