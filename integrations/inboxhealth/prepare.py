"""From arguments to wire text: path, query and body, held to the contract.

Owns validation before sending. May import operations and errors only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from integrations.inboxhealth.errors import InvalidRequest
from integrations.inboxhealth.operations import Operation

_ID = re.compile(r"[A-Za-z0-9_-]+")


def fill_path(operation: Operation, values: Mapping[str, object]) -> str:
    """The path with its ids. Raises InvalidRequest when one is missing, left over, or is no id."""
    wanted = set(re.findall(r"{(\w+)}", operation.path))
    wrong = {
        name: "path" for name in wanted | values.keys() if name not in wanted or not _is_id(values.get(name))
    }
    if wrong:
        raise InvalidRequest(operation.name, wrong)
    return operation.path.format(**values)


def _is_id(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool) and bool(_ID.fullmatch(str(value)))


def query_pairs(operation: Operation, values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The query as pairs of text. Raises InvalidRequest on a missing value (it would widen the list) and on
    an SSN, which never stands in a URL.
    """
    wrong = {name: "query" for name, value in values.items() if value is None or "ssn" in name.lower()}
    if wrong:
        raise InvalidRequest(operation.name, wrong)
    return tuple((name, _text(value)) for name, value in values.items())


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def body_bytes(operation: Operation, body: Mapping[str, Any] | None) -> bytes:
    """The body as JSON in UTF-8, checked against the contract. Raises InvalidRequest: names, never values."""
    if operation.request is None:
        if body:
            raise InvalidRequest(operation.name, {"body": "unexpected"})
        return b"{}" if operation.verb == "POST" else b""
    content = dict(body or {})
    try:
        operation.request.model_validate(content)
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValidationError as error:
        wrong = {".".join(str(part) for part in row["loc"]): row["type"] for row in error.errors()}
    except (TypeError, ValueError):
        # What the models let through and JSON does not: a lone surrogate in a text, say.
        wrong = {"body": "json"}
    # Outside the handler, so that no traceback carries pydantic's text, which quotes values.
    raise InvalidRequest(operation.name, wrong)
