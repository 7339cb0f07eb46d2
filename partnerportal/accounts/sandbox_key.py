"""Has the sandbox make a key, with one click; refused anywhere else. Imports keys and the gateway."""

from __future__ import annotations

from django.conf import settings

from integrations.inboxhealth.errors import LimiterUnavailable
from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts import keys
from partnerportal.accounts.gateway import Busy, Gateway
from partnerportal.accounts.key_test import DEADLINE, KeyTest, Verdict, host
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.context import Context
from partnerportal.kernel.environment import environment_name


class OnlyInTheSandbox(Exception):
    """A key can be generated in the sandbox only."""


def generate(staff: Staff, context: Context) -> ApiKey:
    """A new sandbox key as the person's own, tested.

    Raises OnlyInTheSandbox, AlreadyConnected, and NotSaved when no key came or it does not work.
    """
    if keys.own_key(staff) is not None:
        raise keys.AlreadyConnected
    return keys.connect(made_for(staff, context), context, by=staff)


def made_for(owner: Staff | None, context: Context) -> ApiKey:
    """A new sandbox key, neither tested nor saved. Raises OnlyInTheSandbox, and NotSaved when none came."""
    if environment_name() != "sandbox":
        raise OnlyInTheSandbox
    return keys.candidate(_ask(context), settings.INBOX_HEALTH_AUTH_SCHEME, owner)


def _ask(context: Context) -> str:
    try:
        reply = Gateway(None, context, deadline=DEADLINE).call_waiting("sandbox.generate_key")
    except (Busy, LimiterUnavailable) as wait:
        raise keys.NotSaved(
            KeyTest(Verdict.NO_ANSWER, "Nothing was sent: no sending time was free.")
        ) from wait
    made = reply.data.get("api_key") if isinstance(reply.data, dict) else None
    if reply.outcome is not Outcome.ACCEPTED or not isinstance(made, str):
        raise keys.NotSaved(KeyTest(Verdict.NO_ANSWER, f"No key came from the sandbox at {host()}."))
    return made
