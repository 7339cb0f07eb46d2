"""What Try It says: why not, what came of it, what became of it here. Pure. Source: pages, section 2."""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.operations import Operation
from partnerportal.audit.models import Answer
from partnerportal.delivery.sentences import reason_words
from partnerportal.explorer import entering

AGAINST = {
    "role": "Try It is for operators and administrators. Your role reads the reference.",
    "scope": "Try It reaches every enterprise that the key opens, so it is for people who may see all of "
    "them. You may see some.",
    "grant": "Writing through Try It needs a grant. Ask an administrator: Staff, your name, Try It writes.",
    "administrators": "Only administrators delete through Try It.",
    "production": "Writes in production are closed. An administrator opens them for 15 minutes or an hour.",
    "no_key": "There is no API key to send with. Connect one in Account Settings.",
    "environment": "Nothing was sent: this deployment belongs to another environment.",
    "limiter": "Nothing was sent: the portal's rate limiter can't be reached.",
}


NOT_SENT = ("busy", "limiter")  # problems of a run for which nothing left the portal


def not_sent(reason: str, detail: Any = None) -> str:
    """Why nothing was sent."""
    if reason == "stopped":
        return f"Nothing was sent: sending is stopped. {detail}"
    if reason == "busy":
        wait = f"{detail:.0f} s" if isinstance(detail, float) else "some seconds"
        return f"Nothing was sent: the key's budget is used up. The next sending time is in {wait}."
    if reason == "not_valid":
        return "Nothing was sent: it breaks the contract."
    return AGAINST.get(reason, "Nothing was sent.")


_WRONG = {
    "missing": "is needed",
    "extra_forbidden": "is no attribute here",
    "path": "is no id",
    "query": "can't be in the query",
    "unexpected": "has no place in this operation",
    "json": "is no JSON",
    "string_pattern_mismatch": "has not the right form",
    "value_error": "has not the right form",
    "literal_error": "is none of the values it can have",
    "greater_than": "is too small",
}
_TYPE = {"int": "whole number", "bool": "true or false", "string": "text", "list": "list", "float": "number"}


def wrong(attributes: dict[str, str]) -> list[str]:
    """What of a request breaks the contract, a sentence each; names, never values."""
    return [f"{name} {_problem(kind)}." for name, kind in sorted(attributes.items())]


def _problem(kind: str) -> str:
    what = _TYPE.get(kind.removesuffix("_type"))
    return f"must be {what}" if what else _WRONG.get(kind, "is not right")


def verdict(operation: Operation, answer: Answer | None, problem: str) -> str:
    """What came of a run, for who ran it."""
    if problem == "environment":
        return "The answer came from another environment than this deployment's. Ask an administrator."
    if problem in NOT_SENT:
        return not_sent(problem)
    if answer is None:
        return "No answer is recorded. It may have been done. Look before you send it again."
    return _VERDICTS.get(answer.outcome, "{why}.").format(
        did="It was done." if operation.writes else "Here is the answer.",
        why=reason_words(answer.reason).capitalize(),
    )


def about(answer: Answer | None, problem: str) -> str:
    """The result's word in the error catalogue, "" for a call that was accepted."""
    if problem or answer is None:
        return problem or "no_answer"
    return "" if answer.outcome == "accepted" else answer.outcome


_VERDICTS = {
    "accepted": "{did}",
    "rejected": "{why}. Nothing was changed there.",
    "not_processed": "{why}. It was not done; it may simply be sent again.",
    "unknown": "{why}. It may have been done. Look before you send it again.",
    "unauthorised": "Inbox Health refused the key. Nothing was done.",
    "gone": "There is no record with this id.",
}
MIRRORED = {
    entering.MADE: "It is in the portal now, linked to what is there.",
    entering.TAKEN: "The portal's record has what is there now.",
    entering.CONFLICT: "The portal's record has an edit of its own that differs. A person decides.",
    entering.GONE: "The portal's record stays, and is marked as missing there.",
    entering.NO_MIRROR: "The portal keeps no records of this kind.",
    entering.NOT_HERE: "Its enterprise is not in the portal, so it is not here either.",
    entering.NO_PARENT: "What it belongs to is not in the portal, so it is not here either.",
    entering.APART: "An endpoint made here stays outside the portal, which registers and checks its own.",
    entering.CLASH: "The portal has another record with the same number or code, so it was not taken in. "
    "Link that one to it.",
}

# What of these leaves something to do.
STAYS_OPEN = (entering.CONFLICT, entering.NOT_HERE, entering.NO_PARENT, entering.CLASH)


def look(operation: Operation) -> tuple[str, str]:
    """Where to look after an unknown outcome: the operation and the button's words."""
    names = {"create": "list", "update": "get", "delete": "get"}
    name = f"{operation.resource}.{names.get(operation.action, 'list')}"
    many = operation.resource.replace("_", " ")
    return name, f"Look at the newest {many}" if name.endswith(".list") else "Look at the record"
