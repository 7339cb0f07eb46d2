"""The table of operations as an OpenAPI 3.1 document.

Owns the translation only: whatever it says stands in operations and contract. May import both.
"""

from __future__ import annotations

import re
from typing import Any

from integrations.inboxhealth import schemas
from integrations.inboxhealth.contract.page import MetaRecord
from integrations.inboxhealth.contract.problem import ProblemRecord
from integrations.inboxhealth.examples import example
from integrations.inboxhealth.meanings import PARAMETERS, SOURCES, parameter
from integrations.inboxhealth.operations import OPERATIONS, Operation
from integrations.inboxhealth.schemas import REF

_Json = dict[str, Any]

ABOUT = """Enterprises, their patients and balances at Inbox Health.

Money is in whole US cents, and the names of such attributes end in _cents. Dates are YYYY-MM-DD, instants ISO
8601. 10 requests a second, 100 at once; above that 429, and the request was not processed. There is no
idempotency key: after a create without an answer, look before sending it again.

x-source says where a fact is known from: {sources}."""


def document(server_url: str) -> _Json:
    """OpenAPI 3.1 of every operation, for a server at `server_url` (the API base, `…/partner/v2`)."""
    paths: dict[str, _Json] = {}
    for operation in OPERATIONS.values():
        paths.setdefault(operation.path, {})[operation.verb.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Inbox Health Partner API",
            "version": "2",
            "description": ABOUT.format(sources=", ".join(f"{m} {words}" for m, words in SOURCES.items())),
        },
        "servers": [{"url": server_url}],
        "security": [{"basic": []}, {"apiKey": []}],
        "tags": [{"name": name} for name in dict.fromkeys(o.partition(".")[0] for o in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": schemas.components(),
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
        "description": f"Source: {schemas.in_words(operation.source)}.",
        "x-source": schemas.marks(operation.source),
        "parameters": _parameters(operation),
        "responses": _answers(operation),
    }
    if operation.request is not None:
        content = {"schema": {"$ref": REF + operation.request.__name__}, "example": example(operation)}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def _answers(operation: Operation) -> _Json:
    """What can come back. A refusal's body may be empty, or HTML of a proxy: contract 3."""
    refused = {"$ref": REF + ProblemRecord.__name__}
    return {
        "201" if operation.action == "create" else "200": _answer(operation),
        "400": _content("The request breaks a rule; also 422", refused),
        "401": _content("The key is wrong or revoked", refused),
        "403": _content("Not an enterprise of this key", refused),
        "404": _content("Not there", refused),
        "429": _content("Too many requests; this one was not processed", refused),
        "4XX": _content("Refused", refused),
        "5XX": {"description": "May have been done or not: look before sending a write again"},
    }


def _parameters(operation: Operation) -> list[_Json]:
    names = re.findall(r"{(\w+)}", operation.path)
    found = [_parameter(name, "path", {"type": "integer"}, required=True) for name in names]
    if operation.paged:
        count = {"type": "integer", "minimum": 1}
        text = {"type": "object", "additionalProperties": {"type": "string"}}
        found += [
            _parameter("page", "query", count),
            _parameter("per_page", "query", {**count, "maximum": 100}),
            _parameter("sort", "query", {"type": "string"}),
            _parameter("filter", "query", text, style="deepObject", explode=True),
        ]
    return found


def _parameter(name: str, place: str, schema: _Json, **more: Any) -> _Json:
    known = parameter(name)
    return {
        "name": name,
        "in": place,
        "schema": schema,
        "description": f"{known.text} Source: {known.source}.",
        "x-source": PARAMETERS[name][0],
        **more,
    }


def _answer(operation: Operation) -> _Json:
    if operation.binary:
        return {"description": "The file", "content": {"*/*": {"schema": {}}}}
    if operation.response is None:
        return _content("Done", {})
    record: _Json = {"$ref": REF + operation.response.__name__}
    if operation.verb == "DELETE":
        return _content("Done; a body may say what was deleted", {})
    if not operation.paged:
        return _content("The record", _object({operation.root: record}, operation.root))
    rows = {"type": "array", "items": record}
    page = {operation.root: rows, "meta": {"$ref": REF + MetaRecord.__name__}}
    return _content("A page", _object(page, operation.root))


def _object(properties: _Json, root: str) -> _Json:
    """An answer below its root key; where none is documented, anything."""
    return {"type": "object", "properties": properties, "required": [root]} if root else {}


def _content(description: str, schema: _Json) -> _Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
