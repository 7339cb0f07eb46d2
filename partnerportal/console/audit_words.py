"""What an exchange or an entry says in words: outcomes, verdict sentences, acts. Pure.

Imports the audit's types, delivery's sentences and the console's words. Source: pages, section 2.
"""

from __future__ import annotations

from integrations.inboxhealth.operations import OPERATIONS
from partnerportal.audit.context import SCHEDULE
from partnerportal.audit.models import Answer, Exchange
from partnerportal.console.words import Word
from partnerportal.delivery.sentences import reason_words
from partnerportal.kernel.ids import short_id
from partnerportal.records.models import RECORDS

OUTCOMES = {
    "accepted": Word("Accepted", "green", "check"),
    "rejected": Word("Rejected", "red", "error"),
    "not_processed": Word("Not processed", "grey", "schedule"),
    "unknown": Word("Unknown", "orange", "help"),
    "unauthorised": Word("Unauthorised", "red", "key_off"),
    "gone": Word("Gone", "red", "link_off"),
    "open": Word("No answer recorded", "orange", "pending"),
}
_UNASKED = {"event": "webhook", "job": "the pull"}
_DONE = {"create": "Created", "update": "Updated", "delete": "Deleted", "get": "Read", "list": "Listed"}
_ASKED = {"create": "create", "update": "update", "delete": "delete", "get": "read", "list": "list"}
_ACTIONS = {
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "sign_in_failed": "Sign-in refused",
    "sign_in_locked": "Sign-in locked",
    "password_refused": "Password refused",
    "exchange_viewed": "Exchange opened",
    "exchanges_listed": "Exchanges searched",
    "entries_listed": "Entries searched",
    "patient_joined": "Another patient joined into it",
    "patient_joined_away": "Joined into another patient",
    "patients_set_apart": "Said to be two people",
    "pull_started": "Reading at Inbox Health started",
    "payments_handed_out": "Payments handed out for posting",
    "posting_downloaded": "File for posting downloaded",
    **{
        f"{noun}_{act}": words
        for noun in RECORDS
        for act, words in (
            ("merged", "Changed at Inbox Health, taken over"),
            ("conflict_found", "Conflict: changed in this portal and at Inbox Health"),
            ("conflict_decided", "Decided which value stays"),
            ("missing_there", "Not found at Inbox Health"),
            ("adopted", "Brought in from Inbox Health"),
            ("linked", "Tied to a record at Inbox Health"),
            ("marked_removed", "Marked removed"),
            ("untied", "Untied from a record that is gone there"),
            ("received", "Made at Inbox Health, taken in"),
            ("entered", "Made through Try It, taken in"),
            ("deleted_there", "Deleted at Inbox Health through Try It"),
        )
    },
    "first_patients_checked": "First patients checked at Inbox Health",
    "try_it_run": "Operation run through Try It",
    "try_it_writes_opened": "Try It writes opened in production",
    "try_it_writes_closed": "Try It writes closed",
    "try_it_writes_granted": "Try It writes granted",
    "try_it_writes_taken_back": "Try It writes taken back",
    "audit_exported": "Audit exported, masked",
    "audit_exported_full": "Audit exported in full",
}
_NOUNS = {
    "invoice_payment": "applied payment",
    "invoice_payments": "applied payments",
    "payment_adjustment": "refund or void",
    "payment_adjustments": "refunds and voids",
    "write_off": "write-off",
    "write_offs": "write-offs",
    "write_off_code": "write-off code",
    "write_off_codes": "write-off codes",
}
_LISTS = {verb for _, _, verb in (name.partition(".") for name in OPERATIONS) if verb.endswith("s")}
_GROUPS = {
    "sign-ins": ("signed_in", "signed_out", "sign_in_failed", "sign_in_locked", "password_refused"),
    "reveals": ("reveal", "export", "_viewed"),
}


def outcome(answer: Answer | None) -> Word:
    """The word for how an exchange ended; one we do not know is shown as it is."""
    name = answer.outcome if answer else "open"
    return OUTCOMES.get(name, Word(name.replace("_", " ").capitalize(), "orange", "help"))


def actor(name: str) -> str:
    """ "user:anna" is "anna", "command:push" "the command push"."""
    kind, _, rest = name.partition(":")
    return {"user": rest if rest != "?" else "somebody", "command": f"the command {rest}"}.get(
        kind, "the schedule"
    )


def by(name: str, cause: str) -> tuple[str, str]:
    """Whose doing, and the short id of what brought it without a click: ("webhook", "EV-1")."""
    noun, _, short = cause.partition(":")
    what = _UNASKED.get(noun)
    if what is None:
        return actor(name), ""
    return (what if name == SCHEDULE else f"{actor(name)}, by {what}"), short


def action(name: str) -> str:
    """An entry's act: "patient_pushed" is "Patient pushed"."""
    if name in _ACTIONS:
        return _ACTIONS[name]
    noun = next((noun for noun in _NOUNS if name.startswith(f"{noun}_")), "")
    words = f"{_NOUNS[noun]}{name.removeprefix(noun)}" if noun else name
    return words.replace("_", " ").capitalize()


def verdict(row: Exchange, answer: Answer | None, remote_id: int | None = None, made: str = "") -> str:
    """One sentence: what was done, about whom, for whom, and how it ended.

    `made`: the audit's name of the record that the call made here, where it was sent before there was one.
    """
    if answer is None:
        became = f" What became of it: {short_id('delivery', row.delivery)}." if row.delivery else ""
        return f"{_attempt(row)}. No answer recorded.{became}"
    took = f"{answer.seconds * 1000:,.0f} ms"
    if answer.outcome == "accepted":
        named = f" as IH {remote_id}" if remote_id and row.operation.endswith(".create") else ""
        return f"{_did(row, made)}{named} for {_whom(row)} in {took}."
    status = f"{answer.status}, " if answer.status else ""
    return f"{_attempt(row)}: {reason_words(answer.reason)} ({status}after {took})."


def _did(row: Exchange, made: str) -> str:
    return _told(row, made, _DONE, "Called")


def _attempt(row: Exchange) -> str:
    return f"Asked to {_told(row, '', _ASKED, 'call')} for {_whom(row)}"


def _told(row: Exchange, made: str, words: dict[str, str], otherwise: str) -> str:
    """The call in words, with the verbs of `words`; one that has none by its name, after `otherwise`."""
    noun, _, verb = row.operation.partition(".")
    if verb in words:
        return f"{words[verb]} {_subject(row, noun, made)}"
    within = _within(row, noun, verb)
    return f"{words['list']} the {within}" if within else f"{otherwise} {row.operation}"


def _whom(row: Exchange) -> str:
    """ "olivia", "webhook EV-1"."""
    return " ".join(filter(None, by(row.actor, row.cause)))


def _within(row: Exchange, plural: str, verb: str) -> str:
    """ "line items of invoice I-3" for a list below a record; "" for what is no list."""
    if row.method != "GET" or verb not in _LISTS:
        return ""
    noun, _, name = row.record.partition(":")
    owner = f"{_plain(noun)} {name}" if f"{noun}s" == plural else f"one of the {_plain(plural)}"
    return f"{_plain(verb)} of {owner}"


def _plain(noun: str) -> str:
    """A noun of the API in words, in whichever number it came."""
    return _NOUNS.get(noun, noun.replace("_", " "))


def _subject(row: Exchange, plural: str, made: str) -> str:
    """ "patient P-12" where one record is meant, "patients" for a list."""
    record = row.record or made
    if row.operation.endswith(".list") or not record:
        return _plain(plural)
    noun, _, name = record.partition(":")
    return f"{_plain(noun)} {name}" if plural == f"{noun}s" else f"{_plain(plural)} of {name}"


def group_of(tab: str) -> tuple[str, ...]:
    """The actions of a tab of the entries page: whole names for sign-ins, parts of names for reveals."""
    return _GROUPS.get(tab, ())
