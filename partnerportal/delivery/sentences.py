"""States, causes and outcomes in the words staff read. Reads what a row holds. Source: pages 2.

One table a question; an unknown word is shown as it came, never hidden.
"""

from __future__ import annotations

from typing import Any

from partnerportal.delivery.models import Delivery
from partnerportal.records.models import RECORDS

REASONS = {
    "rate_limited": "Inbox Health asked for a pause",
    "connection_refused": "Inbox Health took no connection",
    "connect_timeout": "Inbox Health took no connection in time",
    "dns": "the address of Inbox Health was not found",
    "tls": "no secure connection to Inbox Health",
    "unreachable": "Inbox Health could not be reached",
    "key_refused": "Inbox Health refused the key",
    "lease_too_short": "the worker was too slow to send it safely",
    "held": "the database was restored before it was sent",
    "restored": "a backup was restored, and the lost hours may have sent it",
    "never_sent": "the worker stopped before it was sent",
    "no_answer_recorded": "the worker stopped before the answer was recorded",
    "read_timeout": "no answer in time",
    "reset_after_send": "the connection broke after it was sent",
    "closed_without_answer": "the connection was closed without an answer",
    "truncated": "the answer broke off",
    "html_instead_of_json": "the answer was a web page, not data",
    "empty_body": "the answer was empty",
    "forbidden": "Inbox Health says that this is not your enterprise",
    "not_found": "Inbox Health does not know this record",
    "validation": "Inbox Health refused it",
    "contract": "It does not fit what Inbox Health accepts",
    "record_gone": "It was sent, and its record is gone here",
    "id_taken": "Another record here is tied to that Inbox Health id",
    "tied_already": "The record got an Inbox Health ID of its own before it could be linked",
    "other_enterprise": "That record belongs to another enterprise there",
    "landed_twice": "A second record with the same content is at Inbox Health",
    "not_confirmed": "The last look-up could not confirm that there is only one",
    "nothing_to_send": "nothing had to be sent",
    "superseded": "a newer delivery took its place",
    "batch_cancelled": "its batch was cancelled",
    "deleted_here": "it was deleted here before it was sent",
    "lines_differ": "The lines there are not those that were sent",
    "account_busy": "something else of this patient's money is on its way",
}
BLOCKED = {
    "parent": "Waits for {parent}, which is not at Inbox Health yet",
    "practices": "Waits until the practices of {parent} are read back",
    "match": "Waits until what {parent} already has there is read",
    "enterprises": "Waits until the enterprises already there are read",
    "lines": "Waits until the lines of {parent} are read back",
    "not_valid": "Can't be sent: {problems}",
    "looks_alike": "Looks like a record that is already there. Say whether it is the same",
    "conflict": "Changed here and at Inbox Health. Decide which value stays",
}
UNDECIDED = {
    "looked_several": "Sent, no answer, and the look-up found more than one that it could be",
    "looked_similar": "Sent, no answer, and the look-up found one that differs from what was sent",
    "looked_unproven": "Sent, no answer, and no look-up could prove that it saw everything",
}
REMEDIES = {
    "validation": "Fix",
    "contract": "Fix",
    "key_refused": "Replace the key",
    "not_found": "Send again",
    "forbidden": "Replace the key",
}


def reason_words(reason: str) -> str:
    """A reason as half a sentence."""
    if reason.startswith("http_5"):
        return f"Inbox Health answered with an error ({reason.removeprefix('http_')})"
    return REASONS.get(reason, reason.replace("_", " "))


def cause_words(cause_key: str, noun: str) -> str:
    """A group of failures in words: "validation:zip" is "Inbox Health refused the ZIP"."""
    reason, _, names = cause_key.partition(":")
    if reason in ("validation", "contract") and names:
        labels = [_label(noun, name) for name in names.split(",")]
        listed = " and ".join(f"the {label}" for label in labels)
        return (
            f"{reason_words(reason).removesuffix(' it')} {listed}"
            if reason == "validation"
            else (f"Inbox Health does not accept {listed}")
        )
    if reason == "undecided":
        return UNDECIDED.get(f"looked_{names}", "Sent, no answer, and looking could not settle it")
    words = reason_words(reason)
    return words[:1].upper() + words[1:]


def _label(noun: str, name: str) -> str:
    label = RECORDS[noun].wire.label(name) if noun in RECORDS else name
    return label if label.isupper() or label[:3].isupper() else label[:1].lower() + label[1:]


def names_fields(cause_key: str) -> bool:
    """Whether a cause is a refusal of fields that it names."""
    reason, _, names = cause_key.partition(":")
    return reason in ("validation", "contract") and bool(names)


def refused_fields(delivery: Delivery) -> list[tuple[str, str]]:
    """(label, what Inbox Health said) of a refusal. May quote PHI: for pages, never for logs."""
    errors: dict[str, Any] = (delivery.detail or {}).get("errors", {}) if delivery.detail else {}
    return [(_label(delivery.noun, name), "; ".join(map(str, said))) for name, said in errors.items()]


def remedy(delivery: Delivery) -> str:
    """The word on the remedy's button."""
    return REMEDIES.get(delivery.cause_key.partition(":")[0], "Send again")


def delivery_sentence(delivery: Delivery, *, time: str = "", parent: str = "") -> str:
    """The sentence beside a delivery's state. `time`: its next one as text, `parent`: what it waits for."""
    state = Delivery.State
    if delivery.state == state.PENDING:
        return "Waits: Inbox Health refused the key." if delivery.reason == "key_refused" else "Next in line."
    if delivery.state == state.WAITING:
        return f"Until {time or 'later'}: {reason_words(delivery.reason)}."
    if delivery.state == state.BLOCKED:
        words = BLOCKED.get(delivery.reason, "Waits for something else").format(
            parent=parent or delivery.blocked_by.partition(":")[2] or "its enterprise",
            problems="something is missing",
        )
        return f"{words}."
    if delivery.state == state.IN_FLIGHT:
        return f"Being sent since {time}." if time else "Being sent."
    if delivery.state == state.UNKNOWN:
        return _unknown(delivery, time)
    return _ended(delivery)


def _unknown(delivery: Delivery, time: str) -> str:
    if delivery.needs_person_since:
        return f"{UNDECIDED.get(delivery.reason, 'Sent, no answer, and looking could not settle it')}."
    number = min(delivery.lookups + 1, 3)
    when = f", next {time}" if time else ""
    return f"Sent, no answer; looking it up (look-up {number} of 3{when})."


def _ended(delivery: Delivery) -> str:
    if delivery.state == Delivery.State.FAILED:
        return f"{cause_words(delivery.cause_key or delivery.reason, delivery.noun)}."
    if delivery.state == Delivery.State.DELIVERED:
        if delivery.needs_person_since:
            return f"{reason_words(delivery.reason)}."
        return "Delivered: nothing had to be sent." if delivery.reason == "nothing_to_send" else "Delivered."
    return f"Cancelled: {reason_words(delivery.reason)}." if delivery.reason in REASONS else "Cancelled."


def record_sentence(record: Any, delivery: Delivery | None, *, time: str = "") -> str:
    """The sentence beside a record's state. `time`: when it was accepted, or will be looked at, as text."""
    state = record.sync_state
    if state == "in_sync":
        return f"Accepted {time} as {record.remote_id}." if time else f"Accepted as {record.remote_id}."
    if state == "not_sent":
        return "Only here so far."
    if state == "not_valid":
        return f"Can't be sent yet: {record.not_valid[0][1][:1].lower()}{record.not_valid[0][1][1:]}"
    if state == "changed_here":
        labels = [record.wire.label(name).lower() for name in record.dirty]
        number = f"{len(labels)} change{'' if len(labels) == 1 else 's'} not sent"
        return f"{number}: {', '.join(labels[:4])}{', …' if len(labels) > 4 else ''}."
    if state == "conflict":
        labels = [record.wire.label(name).lower() for name in record.conflicts]
        return f"Changed here and at Inbox Health: {', '.join(labels)}."
    if state == "missing_there":
        return "Asked for by its id and not found there."
    if state == "removed":
        return "Marked removed there; kept here."
    return delivery_sentence(delivery, time=time) if delivery is not None else ""
