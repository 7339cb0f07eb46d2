"""The credential of a call: an API key and the way it is shown to the API.

Owns the header and the fingerprint of a key. May import the standard library only.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Literal

Scheme = Literal["basic", "x-api-key"]


@dataclass(frozen=True)
class Credential:
    """An API key and its scheme. Raises ValueError on a key that no header can carry. Source: contract 1."""

    key: str = field(repr=False)
    scheme: Scheme = "basic"

    def __post_init__(self) -> None:
        if not self.key or not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise ValueError("An API key is printable ASCII without spaces.")
        if self.scheme not in ("basic", "x-api-key"):
            raise ValueError("The scheme is basic or x-api-key.")

    @property
    def fingerprint(self) -> str:
        """What may be shown and logged of a key: the ends of its SHA-256, such as `3f9a…c2`."""
        digest = hashlib.sha256(self.key.encode()).hexdigest()
        return f"{digest[:4]}…{digest[-2:]}"

    def headers(self) -> dict[str, str]:
        """The one header that signs a request in: the key as Basic user without a password, or x-api-key."""
        if self.scheme == "x-api-key":
            return {"x-api-key": self.key}
        return {"Authorization": "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()}
