"""The form of Try It: ids of the path, query and body as a person types them. Imports explorer's Asked.

What was typed is never lost: the form is drawn from the very strings that came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.inboxhealth.operations import Operation
from partnerportal.explorer.trying import Asked

PATH, QUERY = "path_", "query_"
_PAGED = ("page", "per_page", "sort")


@dataclass
class TryForm:
    """`said` holds what was typed, by field; `errors` a sentence by field."""

    operation: Operation
    said: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def path_fields(self) -> list[tuple[str, str, str]]:
        """(name, field, value) of each id in the path."""
        names = re.findall(r"{(\w+)}", self.operation.path)
        return [(name, PATH + name, self._said(PATH + name)) for name in names]

    @property
    def query_fields(self) -> list[tuple[str, str, str]]:
        names = _PAGED if self.operation.paged else ()
        return [(name, QUERY + name, self._said(QUERY + name)) for name in names]

    @property
    def filter(self) -> tuple[str, str]:
        return self._said("filter_name"), self._said("filter_value")

    @property
    def takes_body(self) -> bool:
        return self.operation.request is not None

    @property
    def body(self) -> str:
        return self._said("body")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All that was typed, to be carried through the confirmation."""
        named = [row[1] for row in (*self.path_fields, *self.query_fields)]
        names = [*named, "filter_name", "filter_value", "body"]
        return [(name, self._said(name)) for name in names if self._said(name)]

    def asked(self) -> Asked | None:
        """What is to be sent, or None with `errors`."""
        path = {name: value.strip() for name, _, value in self.path_fields}
        for name, value in path.items():
            if not value.isdecimal():
                self.errors[PATH + name] = "An Inbox Health id is a whole number, such as 669."
        body = self._body()
        inside = (body or {}).get("id")
        if "id" in path and inside is not None and str(inside) != path["id"]:
            self.errors["body"] = (
                f"The address says {path['id']}, the body {inside}. Write the same id in both."
            )
        return None if self.errors else Asked(self.operation, path, self._query(), body)

    def _query(self) -> dict[str, str]:
        found = {name: value.strip() for name, _, value in self.query_fields if value.strip()}
        name, value = self.filter
        if self.operation.paged and name.strip():
            found[f"filter[{name.strip()}]"] = value.strip()
        return found

    def _body(self) -> dict[str, Any] | None:
        if self.operation.request is None:
            return None
        try:
            found = json.loads(self.body)
        except ValueError as error:
            place = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            self.errors["body"] = f"This is no JSON: the mistake is{place or ' in it'}."
            return None
        if not isinstance(found, dict):
            self.errors["body"] = 'The body is an object, such as {"patient": {"first_name": "Nadia"}}.'
            return None
        return found

    def _said(self, name: str) -> str:
        return self.said.get(name, "")


def as_text(body: Any) -> str:
    """A body as it stands in the form."""
    return "" if body is None else json.dumps(body, indent=2, ensure_ascii=False)


def typed(operation: Operation, url: str, body: str) -> dict[str, str]:
    """A request that was sent, as the fields of the form that would send it again."""
    parts = urlsplit(url)
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    found = re.search(f"{pattern}$", parts.path)
    said = {f"{PATH}{name}": value for name, value in (found.groupdict() if found else {}).items()}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name.startswith("filter["):
            said |= {"filter_name": name[7:-1], "filter_value": value}
        else:
            said[f"{QUERY}{name}"] = value
    return {**said, "body": _indented(body)}


def _indented(body: str) -> str:
    try:
        return as_text(json.loads(body))
    except ValueError:
        return body
