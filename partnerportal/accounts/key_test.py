"""Asks Inbox Health whether it takes a key: one real call, judged. Imports gateway and client words.

The call is one of the three that a page may wait for (law 8). Nothing here writes an ApiKey row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

from integrations.inboxhealth.errors import EnvironmentMismatch, LimiterUnavailable
from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.wire import Reply
from partnerportal.accounts.gateway import Busy, Gateway
from partnerportal.accounts.models import ApiKey
from partnerportal.audit.context import Context
from partnerportal.audit.journal import Held

DEADLINE = 10.0  # seconds a page waits for the remote at most


class Verdict(StrEnum):
    """What a test found. Only NO_ANSWER leaves it open whether the key is right."""

    WORKING = "working"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    OTHER_END = "other_end"


@dataclass(frozen=True)
class KeyTest:
    """A verdict and its sentence for the page."""

    verdict: Verdict
    sentence: str


def try_key(key: ApiKey, context: Context) -> KeyTest:
    """List one enterprise with the key, saved or not. Must run outside a transaction (law 2)."""
    try:
        gateway = Gateway(key, context, deadline=DEADLINE)
        reply = gateway.call_waiting("enterprises.list", query={"per_page": 1}, within=DEADLINE)
    except EnvironmentMismatch as mismatch:
        return KeyTest(Verdict.OTHER_END, f"{mismatch}.")
    except Busy as busy:
        return KeyTest(Verdict.NO_ANSWER, f"Nothing was sent: the next sending time is in {busy.wait:.0f} s.")
    except Held:
        return KeyTest(Verdict.NO_ANSWER, "Nothing was sent: this database may not be the newest one.")
    except LimiterUnavailable:
        return KeyTest(Verdict.NO_ANSWER, "Nothing was sent: the portal's rate limiter can't be reached.")
    return judge(reply, key.fingerprint)


def judge(reply: Reply, fingerprint: str) -> KeyTest:
    """The verdict on a key, from the answer to any call made with it."""
    if reply.outcome is Outcome.ACCEPTED:
        return KeyTest(Verdict.WORKING, f"Inbox Health accepted key {fingerprint}.")
    if reply.outcome is Outcome.UNAUTHORISED:
        return KeyTest(Verdict.REFUSED, "Inbox Health refused this key.")
    if reply.reason == "forbidden":
        return KeyTest(Verdict.REFUSED, "Inbox Health knows this key, but it may not read enterprises (403).")
    if reply.status is None:
        return KeyTest(Verdict.NO_ANSWER, f"No answer from {host()}.")
    return KeyTest(Verdict.NO_ANSWER, f"No answer about the key: {host()} said {reply.status}.")


def host() -> str:
    """The host that calls go to, as a person would name it."""
    return str(urlsplit(settings.INBOX_HEALTH_BASE_URL).netloc)
