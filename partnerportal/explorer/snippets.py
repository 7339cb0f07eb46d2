"""A call as curl and as Python, to copy; the key is a placeholder, never the key. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

KEY = "$INBOX_HEALTH_API_KEY"


def as_curl(method: str, url: str, body: str, scheme: str) -> str:
    """For a shell: the key is taken from its environment."""
    lines = [f"curl --request {method} {shlex.quote(url)}"]
    lines.append(f'--user "{KEY}:"' if scheme == "basic" else f'--header "x-api-key: {KEY}"')
    lines.append("--header 'Accept: application/json'")
    if body:
        lines += ["--header 'Content-Type: application/json'", f"--data {shlex.quote(body)}"]
    return " \\\n  ".join(lines)


def as_python(method: str, url: str, body: str, scheme: str) -> str:
    """With the requests library: the key is taken from the environment."""
    key = 'os.environ["INBOX_HEALTH_API_KEY"]'
    sent = f'auth=({key}, "")' if scheme == "basic" else f'headers={{"x-api-key": {key}}}'
    arguments = [repr(method), repr(url), sent]
    if body:
        arguments.append(f"json={_literal(body)}")
    lines = ",\n    ".join([*arguments, "timeout=30"])
    return (
        "import os\n\nimport requests\n\n"
        f"answer = requests.request(\n    {lines},\n)\nprint(answer.status_code, answer.text)"
    )


def _literal(body: str) -> str:
    """The JSON text as a Python value."""
    try:
        value: Any = json.loads(body)
    except ValueError:
        return repr(body)
    return _indented(value, "    ")


def _indented(value: Any, space: str) -> str:
    inner = space + "    "
    if isinstance(value, Mapping) and value:
        rows = [f"{inner}{key!r}: {_indented(one, inner)},\n" for key, one in value.items()]
        return "{\n" + "".join(rows) + space + "}"
    if isinstance(value, list) and value:
        return "[\n" + "".join(f"{inner}{_indented(one, inner)},\n" for one in value) + space + "]"
    return repr(value)
