"""What never enters the audit in clear, or at all. Pure."""

from __future__ import annotations

from collections.abc import Mapping

CREDENTIAL_HEADERS = frozenset({"authorization", "x-api-key", "cookie", "set-cookie"})


def headers(sent: Mapping[str, str], fingerprint: str) -> dict[str, str]:
    """The headers with each credential replaced by the key's fingerprint."""
    return {
        name: f"[key {fingerprint}]" if name.lower() in CREDENTIAL_HEADERS else value
        for name, value in sent.items()
    }
