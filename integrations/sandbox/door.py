"""Who is calling: HTTP Basic, x-api-key or, when neither is sent, the session cookie.

Source: section 1 of the contract. Imports keys and sessions.
"""

import base64
import binascii
from dataclasses import dataclass

from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.keys import Keys, fingerprint
from integrations.sandbox.messages import Call, RefusedError
from integrations.sandbox.sessions import Sessions

REFUSED = "HTTP Basic: Access denied."


@dataclass(frozen=True)
class Caller:
    """An account, and the key it came with (its fingerprint; null for a session)."""

    account: int
    key_fingerprint: str | None


class Door:
    def __init__(self, keys: Keys, sessions: Sessions, switches: Assumptions) -> None:
        self._keys = keys
        self._sessions = sessions
        self._switches = switches

    def identify(self, call: Call) -> Caller:
        """Raises RefusedError 401. A key that is sent and wrong is never made good by a cookie."""
        key = self._key(call)
        if key is None:
            session = self._sessions.find(call)
            account = session.account if session else None
        else:
            account = self._keys.account_of(key)
        if account is None:
            raise RefusedError(401, REFUSED)
        return Caller(account, fingerprint(key) if key else None)

    def _key(self, call: Call) -> str | None:
        """The key sent; an empty text for a header that holds none; None where no header was sent."""
        schemes = self._switches["key_schemes"]
        authorization = call.headers.get("authorization")
        if authorization is not None:
            return _basic(authorization) if schemes != "x-api-key" else ""
        key = call.headers.get("x-api-key")
        return "" if key is not None and schemes == "basic" else key


def sent_fingerprint(call: Call) -> str | None:
    """For the log: which key was sent, right or wrong."""
    key = _basic(call.headers.get("authorization", "")) or call.headers.get("x-api-key")
    return fingerprint(key) if key else None


def _basic(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        user, _, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return "" if password else user
