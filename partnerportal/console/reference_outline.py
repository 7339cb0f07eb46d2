"""The API's document as a page shows it: resources, operations, parameters, attributes, answers. Pure.

Made from the operations table alone, once a process. Imports the contract's document and its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from integrations.inboxhealth.meanings import SOURCES, parameter
from integrations.inboxhealth.openapi import document
from integrations.inboxhealth.operations import OPERATIONS, Operation
from integrations.inboxhealth.schemas import REF, in_words

_DOES = {
    "list": "Lists {many}, a page at a time.",
    "get": "Reads one {one} by its id.",
    "create": "Makes one {one}.",
    "update": "Changes the attributes that are sent; the others stay.",
    "delete": "Deletes one {one}.",
    "quick_pay": "Makes an invoice and its payment in one request.",
    "download": "Gives the file itself.",
    "create_import_batch": "Starts the import of a file that lies on the SFTP server.",
}
_TYPES = {"integer": "whole number", "string": "text", "boolean": "true or false", "number": "number"}


@dataclass(frozen=True)
class Attribute:
    """One row: `name` with its path ("patient.first_name"), `source` in plain words."""

    name: str
    kind: str
    required: bool
    text: str
    source: str


@dataclass(frozen=True)
class Answer:
    status: str
    text: str


@dataclass(frozen=True)
class Outlined:
    """An operation as its page shows it."""

    operation: Operation
    title: str
    does: str
    source: str
    parameters: tuple[Attribute, ...]
    body: tuple[Attribute, ...]
    answer: tuple[Attribute, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Resource:
    name: str
    title: str
    operations: tuple[Outlined, ...]


@cache
def resources() -> tuple[Resource, ...]:
    """All resources in the contract's order."""
    found: dict[str, list[Outlined]] = {}
    for operation in OPERATIONS.values():
        found.setdefault(operation.name.partition(".")[0], []).append(outlined(operation.name))
    return tuple(Resource(name, _first_upper(_spaced(name)), tuple(rows)) for name, rows in found.items())


@cache
def outlined(name: str) -> Outlined:
    """One operation. Raises KeyError for an unknown name."""
    operation = OPERATIONS[name]
    described = _document()["paths"][operation.path][operation.verb.lower()]
    return Outlined(
        operation=operation,
        title=_title(operation),
        does=_does(operation),
        source=in_words(operation.source),
        parameters=tuple(_parameter(one) for one in described["parameters"]),
        body=tuple(_body(operation)),
        answer=tuple(_answer(operation)),
        answers=tuple(Answer(status, said["description"]) for status, said in described["responses"].items()),
    )


def matching(query: str) -> tuple[Resource, ...]:
    """Resources with the operations whose name, path or title holds every word of the query."""
    words = query.lower().split()
    kept = [
        Resource(one.name, one.title, tuple(o for o in one.operations if _holds(o, words)))
        for one in resources()
    ]
    return tuple(one for one in kept if one.operations)


def searched(outline: Outlined) -> str:
    """The text that a search looks in."""
    operation = outline.operation
    return f"{operation.name} {operation.verb} {operation.path} {outline.title}".lower().replace("_", " ")


def _holds(outline: Outlined, words: list[str]) -> bool:
    text = searched(outline)
    return all(word.replace("_", " ") in text for word in words)


@cache
def _document() -> dict[str, Any]:
    return document("")


def _spaced(name: str) -> str:
    words = name.replace("_", " ").replace("write off", "write-off")
    return re.sub(r"\b(sftp|api)\b", lambda found: found[0].upper(), words)


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def one_of(resource: str) -> str:
    """The name of one record of a resource: "write-off code"."""
    return _spaced(resource.removesuffix("s"))


def _one(operation: Operation) -> str:
    return _spaced(operation.root) if operation.root else one_of(operation.resource)


def _title(operation: Operation) -> str:
    verb = {"get": "Get", "create": "Create", "update": "Update", "delete": "Delete"}
    if operation.action in verb:
        return f"{verb[operation.action]} {_one(operation)}"
    many = _first_upper(_spaced(operation.resource))
    if operation.action == "list":
        return f"List {_spaced(operation.resource)}"
    if operation.action == operation.resource:
        return f"{many} of one {one_of(operation.name.partition('.')[0])}"
    return _first_upper(_spaced(operation.action))


def _does(operation: Operation) -> str:
    words = _DOES.get(operation.action)
    if words is None:
        parent = one_of(operation.name.partition(".")[0])
        return f"Lists the {_spaced(operation.resource)} of one {parent}, a page at a time."
    return words.format(one=_one(operation), many=_spaced(operation.resource))


def _parameter(said: dict[str, Any]) -> Attribute:
    known = parameter(said["name"])
    kind = {"path": "in the path", "query": "in the query"}[said["in"]]
    name = "filter[…]" if said["name"] == "filter" else said["name"]
    return Attribute(name, kind, bool(said.get("required")), known.text, known.source)


def _body(operation: Operation) -> Iterator[Attribute]:
    if operation.request is not None:
        yield from _attributes({"$ref": REF + operation.request.__name__}, "")


def _answer(operation: Operation) -> Iterator[Attribute]:
    if operation.response is not None:
        yield from _attributes({"$ref": REF + operation.response.__name__}, "")


def _attributes(schema: dict[str, Any], above: str) -> Iterator[Attribute]:
    whole = _resolved(schema)
    required = set(whole.get("required", ()))
    for name, said in whole.get("properties", {}).items():
        kind, inner, many = _kind(said)
        path = f"{above}{name}"
        source = SOURCES.get(said.get("x-source", ""), "")
        text = str(said.get("description", "")).partition(" Source:")[0]
        yield Attribute(path, kind, name in required, text, source)
        if inner is not None:
            yield from _attributes(inner, f"{path}[]." if many else f"{path}.")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").removeprefix(REF)
    found: dict[str, Any] = _document()["components"]["schemas"][name] if name else schema
    return found


def _kind(said: dict[str, Any]) -> tuple[str, dict[str, Any] | None, bool]:
    """The type in words, the schema of what is inside, and whether there are many of it."""
    options = [one for one in said.get("anyOf", [said]) if one.get("type") != "null"]
    option = options[0] if options else {}
    if "$ref" in option:
        return "object", option, False
    if option.get("type") == "array":
        items = option.get("items", {})
        if "$ref" in items:
            return "list of objects", items, True
        return f"list of {_TYPES.get(items.get('type', ''), 'objects')}", None, True
    if "enum" in option:
        return "one of " + ", ".join(str(value) for value in option["enum"]), None, False
    return _TYPES.get(option.get("type", ""), "object"), None, False
