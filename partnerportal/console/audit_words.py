"""What an exchange or an entry says in words: outcomes, verdict sentences, acts. Pure.

Imports the audit's types, delivery's sentences and the console's words. Source: pages, section 2.
"""

from __future__ import annotations

from partnerportal.audit.models import Answer, Exchange
from partnerportal.console.words import Word
from partnerportal.delivery.sentences import reason_words
from partnerportal.kernel.ids import short_id

OUTCOMES = {
    "accepted": Word("Accepted", "green", "check"),
    "rejected": Word("Rejected", "red", "error"),
    "not_processed": Word("Not processed", "grey", "schedule"),
    "unknown": Word("Unknown", "orange", "help"),
    "unauthorised": Word("Unauthorised", "red", "key_off"),
    "gone": Word("Gone", "red", "link_off"),
    "open": Word("No answer recorded", "orange", "pending"),
}
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
        for noun in ("enterprise", "practice", "doctor", "patient", "payment", "invoice")
        for act, words in (
            ("merged", "Changed at Inbox Health, taken over"),
            ("conflict_decided", "Decided which value stays"),
            ("missing_there", "Not found at Inbox Health"),
            ("adopted", "Brought in from Inbox Health"),
            ("linked", "Tied to a record at Inbox Health"),
            ("untied", "Untied from a record that is gone there"),
            ("received", "Made at Inbox Health, taken in"),
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


def action(name: str) -> str:
    """An entry's act: "patient_pushed" is "Patient pushed"."""
    return _ACTIONS.get(name, name.replace("_", " ").capitalize())


def verdict(row: Exchange, answer: Answer | None, remote_id: int | None = None) -> str:
    """One sentence: what was done, about whom, for whom, and how it ended."""
    if answer is None:
        became = f" What became of it: {short_id('delivery', row.delivery)}." if row.delivery else ""
        return f"{_attempt(row)}. No answer recorded.{became}"
    took = f"{answer.seconds * 1000:,.0f} ms"
    if answer.outcome == "accepted":
        named = f" as IH {remote_id}" if remote_id and row.operation.endswith(".create") else ""
        return f"{_did(row)}{named} for {actor(row.actor)} in {took}."
    status = f"{answer.status}, " if answer.status else ""
    return f"{_attempt(row)}: {reason_words(answer.reason)} ({status}after {took})."


def _did(row: Exchange) -> str:
    noun, _, verb = row.operation.partition(".")
    done = _DONE.get(verb)
    return f"{done} {_subject(row, noun)}" if done else f"Called {row.operation}"


def _attempt(row: Exchange) -> str:
    noun, _, verb = row.operation.partition(".")
    asked = _ASKED.get(verb)
    what = f"{asked} {_subject(row, noun)}" if asked else f"call {row.operation}"
    return f"Asked to {what} for {actor(row.actor)}"


def _subject(row: Exchange, plural: str) -> str:
    """ "patient P-12" where one record is meant, "patients" for a list."""
    if row.operation.endswith(".list") or not row.record:
        return plural
    noun, _, name = row.record.partition(":")
    return f"{noun} {name}" if plural == f"{noun}s" else f"{plural} of {name}"


def group_of(tab: str) -> tuple[str, ...]:
    """The actions of a tab of the entries page: whole names for sign-ins, parts of names for reveals."""
    return _GROUPS.get(tab, ())
