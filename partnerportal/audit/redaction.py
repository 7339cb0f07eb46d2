"""What never enters the audit in clear, or at all. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CREDENTIAL_HEADERS = frozenset({"authorization", "x-api-key", "cookie", "set-cookie"})
MADE_KEY = "api_key"  # what the sandbox calls the key it has just made


def headers(sent: Mapping[str, str], fingerprint: str) -> dict[str, str]:
    """The headers with each credential replaced by the key's fingerprint."""
    return {
        name: f"[key {fingerprint}]" if name.lower() in CREDENTIAL_HEADERS else value
        for name, value in sent.items()
    }


def without_secret(data: Any) -> str | None:
    """A JSON answer that carries a key, as text without it; None where it carries none."""
    if not isinstance(data, dict) or MADE_KEY not in data:
        return None
    return json.dumps({**data, MADE_KEY: "[key]"})
