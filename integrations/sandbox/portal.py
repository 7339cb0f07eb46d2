"""The sandbox's own small portal: signing in and out, and the page about itself.

Imports sessions and pages.
"""

import secrets
from urllib.parse import parse_qs

from integrations.sandbox import pages
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import Answer, Call, page
from integrations.sandbox.reference_bodies import Newest
from integrations.sandbox.sessions import Sessions

SIGN_IN = "/partner/sign_in"
SIGN_OUT = "/partner/sign_out"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"


class Portal:
    """`newest` tells the newest record of a resource, for the reference's examples."""

    def __init__(self, sessions: Sessions, switches: Assumptions, newest: Newest) -> None:
        self._sessions = sessions
        self._newest = newest
        self._switches = switches

    def handle(self, call: Call, instance: str) -> Answer:
        path = call.path.rstrip("/") or "/"
        if path in {"/", "/api"} and call.method == "GET":
            session = self._sessions.find(call)
            about = pages.about(instance, call.host, self._switches, session, self._newest)
            return page(about, Content_Security_Policy=POLICY)
        if path == SIGN_IN and call.method == "GET":
            session = self._sessions.find(call) or self._sessions.open()
            return page(pages.sign_in(session.csrf), Set_Cookie=session.cookie)
        if path in {SIGN_IN, SIGN_OUT} and call.method == "POST":
            return self._submit(call, path)
        return page(pages.document("Not found", "<p>There is no such page here.</p>"), 404)

    def _submit(self, call: Call, path: str) -> Answer:
        form = {name: values[0] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
        session = self._sessions.find(call)
        token = form.get("authenticity_token", "")
        if session is None or not secrets.compare_digest(token.encode(), session.csrf.encode()):
            return page(pages.document("Try again", "<p>This form is no longer valid.</p>"), 422)
        if path == SIGN_OUT:
            self._sessions.close(session)
            return page("", 303, Location=SIGN_IN)
        opened = self._sessions.sign_in(session, form.get("user", ""), form.get("password", ""))
        if opened is None:
            return page(pages.sign_in(session.csrf, "That user or password is not right."), 401)
        return page("", 303, Location="/api", Set_Cookie=opened.cookie)
