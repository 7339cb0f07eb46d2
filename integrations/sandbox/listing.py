"""Lists: page, per_page, sort, filters and meta. Imports records, resources, messages.

Source: section 3 of the contract; what is assumed there is a switch here.
"""

import math
import re
import sqlite3
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from integrations.sandbox import records
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import Document, RefusedError
from integrations.sandbox.records import Record
from integrations.sandbox.resources.description import Resource, SubCollection

PER_PAGE = 25
OWN_COLUMNS = {"id", "enterprise_id", "updated_at"}
TRUTHS = {"true": "1", "false": "0"}


@dataclass
class Query:
    """What a list was asked for, and which part of it this call is to ignore."""

    resource: Resource
    parameters: str
    switches: Assumptions
    quirks: frozenset[str] = frozenset()
    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.asked = dict(parse_qsl(self.parameters, keep_blank_values=True))

    def must(self, condition: str, *values: Any) -> None:
        self.where.append(condition)
        self.values.extend(values)


@dataclass(frozen=True)
class Rows:
    """One page of a list and its meta."""

    rows: list[Record]
    meta: Document


def fetch(
    tx: sqlite3.Connection, query: Query, account: int, sub: SubCollection | None = None, owner: Any = None
) -> Rows:
    """One page; `owner` is the value that a sub-collection's rows match. Raises RefusedError 400."""
    number, size = _page(query), _size(query)
    query.must("resource = ? and account = ? and hidden = 0", query.resource.name, account)
    if sub is not None and sub.match != "account":
        query.must(*_belonging(sub), owner)
    _filters(query)
    condition = " and ".join(query.where)
    total = tx.execute(f"select count(*) from records where {condition}", query.values).fetchone()[0]  # noqa: S608
    sql = (
        f"select {records.COLUMNS} from records where {condition}"  # noqa: S608
        f" order by {_order(query)} limit ? offset ?"
    )
    found = tx.execute(sql, [*query.values, size, (number - 1) * size]).fetchall()
    return Rows([records.read(row) for row in found], meta(number, size, total))


def _belonging(sub: SubCollection) -> list[str]:
    """The condition that a row is the owner's, and the values it needs before the owner's."""
    if sub.through is None:
        return [f"{_column(sub.match)} = ?"]
    resource, attribute = sub.through
    tied = f"select {_column(attribute)} from records where resource = ? and {_column(sub.match)} = ?"  # noqa: S608
    return [f"id in ({tied})", resource]


def meta(number: int, size: int, total: int) -> Document:
    pages = math.ceil(total / size)
    return {"current_page": number, "per_page": size, "total_pages": pages, "has_more": number < pages}


def empty(query: Query) -> Rows:
    """The list of a noun that is not kept yet."""
    number, size = _page(query), _size(query)
    _order(query)
    return Rows([], meta(number, size, 0))


def _page(query: Query) -> int:
    return _positive(query, "page", 1)


def _size(query: Query) -> int:
    return min(_positive(query, "per_page", PER_PAGE), int(query.switches["per_page_max"]))


def _positive(query: Query, name: str, default: int) -> int:
    text = query.asked.get(name, str(default))
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise RefusedError(400, {name: ["must be a positive number"]})
    return int(text)


def _column(attribute: str) -> str:
    """An attribute as SQL; only names from a resource's description come here."""
    return attribute if attribute in OWN_COLUMNS else f"json_extract(document, '$.{attribute}')"


def _order(query: Query) -> str:
    """`id`, `-id` or another attribute, with the id as the last word; unknown ones mean: by id."""
    asked = query.asked.get("sort", "id")
    name, direction = asked.removeprefix("-"), "desc" if asked.startswith("-") else "asc"
    if direction == "desc" and query.switches["sort_desc"] == "refused":
        raise RefusedError(400, {"sort": ["is not included in the list"]})
    if "sort" in query.quirks or (direction == "desc" and query.switches["sort_desc"] == "ignored"):
        return "id"
    if name == "id":
        return f"id {direction}"
    ignored = query.switches["sort_updated_at"] == "ignored"
    if ignored or query.resource.compares_exactly(name) is None:
        return "id"
    return f"{_column(name)} {direction}, id {direction}"


def _filters(query: Query) -> None:
    if "filter" in query.quirks or query.switches["filters"] == "ignored":
        return
    for parameter, value in query.asked.items():
        found = re.fullmatch(r"filter\[(\w+)\]", parameter, re.ASCII)
        exact = query.resource.compares_exactly(found[1]) if found else None
        if found and exact is not None and value:
            _filter(query, found[1], value, exact)


def _filter(query: Query, attribute: str, value: str, exact: bool) -> None:
    column = _column(attribute)
    if exact and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        query.must(f"{column} = ?", int(value))
    elif exact:
        query.must(f"cast({column} as text) = ?", TRUTHS.get(value, value))
    elif query.switches["filter_text"] == "exact":
        query.must(f"{column} = ? collate nocase", value)
    else:
        query.must(f"contains({column}, ?)", value)
