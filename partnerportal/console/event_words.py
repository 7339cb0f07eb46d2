"""Events and endpoints as people read them: word, colour, icon, sentence. Source: pages, section 2.

Imports webhooks and delivery's models; reads only.
"""

from __future__ import annotations

from datetime import timedelta

from partnerportal.console import formats
from partnerportal.console.words import Word
from partnerportal.delivery.sentences import reason_words
from partnerportal.records.models import Endpoint
from partnerportal.webhooks import lateness
from partnerportal.webhooks.models import Event, LateEvent

EVENTS = {
    "waiting": Word("Waiting", "grey", "schedule"),
    "applied": Word("Applied", "green", "check"),
    "unchanged": Word("Changed nothing", "grey", "remove"),
    "conflict": Word("Conflict", "red", "call_split"),
    "failed": Word("Failed", "red", "error"),
    "only_there": Word("Only there", "orange", "cloud"),
    "unknown_type": Word("Type not known", "grey", "help"),
    "elsewhere": Word("Other environment", "orange", "public_off"),
}
_SENTENCES = {
    ("waiting", "our_create"): "A create of ours is on its way: it may be the record this tells of.",
    ("waiting", "no_key"): "Waits for a service key.",
    ("waiting", "replayed"): "Replayed; next in line.",
    ("applied", ""): "What it says is taken over.",
    ("unchanged", "as_known"): "It says what is known here already.",
    ("unchanged", "older"): "It is older than what is known here.",
    ("unchanged", "read_by_id"): "Which is newer can't be told, so the record is read at Inbox Health.",
    ("unchanged", "noted"): "Kept for the record; nothing here says the same.",
    ("conflict", "changed_on_both_sides"): "Changed here and at Inbox Health, to different values.",
    ("failed", "no_object"): "It holds no record.",
    ("failed", "no_id"): "Its record has no id.",
    ("only_there", ""): "The record is at Inbox Health only. It can be brought in by adopting.",
    (
        "only_there",
        "duplicate",
    ): "It may be a second record of one that this portal sent. A person is asked.",
    ("unknown_type", ""): "The portal does not know what events of this type mean.",
    ("elsewhere", "livemode"): "Its livemode does not fit this environment, so it is not applied.",
}
_FALLBACK = {"waiting": "Next in line.", "failed": "It could not be applied, five times."}
CHECKS = {
    "": "Not compared yet",
    "same": "Registered there as it is here",
    "repaired": "It differed there and was sent again",
    "missing": "It was not registered there and is being registered again",
    "cannot": "Cannot be checked: Inbox Health does not list endpoints",
    "unanswered": "Not compared: Inbox Health did not answer",
}
SUSPECT = {
    "refused": "Calls with a wrong signature came, several in a row. A pull is started.",
    "silent": "The event for a push has not come, and no other event has come since. A pull is started.",
}


def event_word(event: Event) -> Word:
    return EVENTS.get(event.state, Word(event.state, "grey", "help"))


def event_sentence(event: Event) -> str:
    found = _SENTENCES.get((event.state, event.reason)) or _FALLBACK.get(event.state, "")
    if event.state == "waiting" and event.tries:
        return f"Went wrong {event.tries} of 5 times. Again at {formats.instant(event.next_at)}."
    return found


def endpoint_word(endpoint: Endpoint) -> Word:
    """The first that applies, worst first; what can't be checked is never green."""
    if endpoint.removed:
        gone = endpoint.remote_id is None or endpoint.missing_since is not None
        return (
            Word("Unregistered", "grey", "block") if gone else Word("Being removed", "blue", "arrow_upward")
        )
    if endpoint.delivery_state in ("failed", "undecided", "blocked"):
        return Word("Failed", "red", "error")
    if endpoint.remote_id is None:
        return Word("Being registered", "blue", "arrow_upward")
    if endpoint.paused:
        return Word("Paused", "grey", "pause_circle")
    if endpoint.suspect_since:
        return Word("Suspect", "orange", "help")
    if endpoint.check_result in ("cannot", "unanswered", "missing"):
        return Word(
            "Can't tell" if endpoint.check_result != "cannot" else "Cannot be checked", "orange", "help"
        )
    return Word("Active", "green", "check")


def endpoint_sentence(endpoint: Endpoint) -> str:
    if endpoint.removed:
        return "Nothing is taken at its URL any more."
    if endpoint.delivery_state in ("failed", "undecided", "blocked"):
        return "Inbox Health did not take it; its delivery says why."
    if endpoint.remote_id is None:
        return "On its way to Inbox Health."
    if endpoint.paused:
        return "Events are taken and kept, and applied once it goes on."
    if endpoint.suspect_reason:
        return suspect_sentence(endpoint)
    return f"{CHECKS.get(endpoint.check_result, endpoint.check_result)}."


def suspect_sentence(endpoint: Endpoint) -> str:
    """Why an endpoint is suspect; of silence, which push it was."""
    newest = lateness.missing(endpoint).first() if endpoint.suspect_reason == "silent" else None
    if newest is not None:
        return f"{late_sentence(newest)} No other event has come since. A pull is started."
    return SUSPECT.get(endpoint.suspect_reason, reason_words(endpoint.suspect_reason))


def late_sentence(late: LateEvent) -> str:
    """What became of the event of a push of ours that did not come in time."""
    push = f"The event for the push at {formats.instant(late.pushed_at)}"
    if late.came_at is None:
        return f"{push} has not come."
    return f"{push} came at {formats.instant(late.came_at)}, {_span(late.came_at - late.pushed_at)} late."


def _span(time: timedelta) -> str:
    """ "45 s", "15 min", "3 h"."""
    seconds = round(time.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
