"""Browser sessions of the sandbox's own portal, in memory: a restart signs everyone out. Imports messages."""

import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from integrations.sandbox.messages import Call

COOKIE = "sandbox_session"
USER = "demo"


@dataclass
class Session:
    """One browser. `account` is null until it has signed in."""

    token: str
    csrf: str
    account: int | None = None

    @property
    def cookie(self) -> str:
        return f"{COOKIE}={self.token}; Path=/; HttpOnly; SameSite=Lax"


class Sessions:
    """Opens and finds sessions; knows the one password."""

    def __init__(self, password: str, account: int) -> None:
        self._password = password
        self._account = account
        self._sessions: dict[str, Session] = {}

    def find(self, call: Call) -> Session | None:
        try:
            cookie = SimpleCookie(call.headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        return self._sessions.get(cookie.value) if cookie else None

    def open(self, account: int | None = None) -> Session:
        session = Session(secrets.token_urlsafe(24), secrets.token_urlsafe(24), account)
        self._sessions[session.token] = session
        return session

    def sign_in(self, session: Session, user: str, password: str) -> Session | None:
        """A fresh session of the account, so that a token known before signing in is worth nothing after."""
        right = secrets.compare_digest(password.encode(), self._password.encode())
        if user != USER or not right:
            return None
        self.close(session)
        return self.open(self._account)

    def close(self, session: Session) -> None:
        self._sessions.pop(session.token, None)
