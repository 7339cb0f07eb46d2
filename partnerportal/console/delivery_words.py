"""A delivery's state as people read it: word, colour, icon, sentence with its times. Source: pages 2.

Imports delivery's sentences and the console's formats.
"""

from __future__ import annotations

from django.utils import timezone

from partnerportal.console import formats
from partnerportal.console.words import Word
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import delivery_sentence

STATES = {
    "pending": Word("Pending", "grey", "schedule"),
    "waiting": Word("Waiting", "blue", "hourglass_top"),
    "blocked": Word("Blocked", "orange", "pan_tool"),
    "in_flight": Word("In flight", "blue", "arrow_upward"),
    "unknown": Word("Unknown", "orange", "help"),
    "failed": Word("Failed", "red", "error"),
    "delivered": Word("Delivered", "green", "check"),
    "cancelled": Word("Cancelled", "grey", "block"),
}
UNDECIDED = Word("Undecided", "red", "live_help")
CHECK = Word("Delivered, look at it", "red", "live_help")
REPLACED = Word("Failed, replaced", "grey", "error")
TURNS = {"interactive": "At once", "bulk": "In bulk", "background": "In the background"}
_TURNS_SAID = {
    "interactive": "At once: someone waits for it",
    "bulk": "In bulk, after what someone waits for",
    "background": "In the background, after everything else",
}
VERDICTS = {
    "none": "Not there",
    "one": "There, once",
    "several": "More than one it could be",
    "similar": "Something like it is there",
    "unproven": "Could not prove that it saw everything",
    "unanswered": "No answer",
    "gone": "Not there any more",
}


def word(delivery: Delivery) -> Word:
    """Undecided where a person has to say; an unknown state as it came."""
    if delivery.needs_person_since and delivery.state in ("unknown", "blocked"):
        return UNDECIDED
    if delivery.needs_person_since and delivery.state == "delivered":
        return CHECK
    return STATES.get(delivery.state, Word(delivery.state, "grey", "help"))


def sentence(delivery: Delivery, parent: str = "") -> str:
    """`parent`: the name of what it waits for."""
    return delivery_sentence(delivery, time=_time(delivery), parent=parent)


def beside(delivery: Delivery, said: str, parent: str = "") -> str:
    """The sentence beside the word `said`, without saying it again; "" where nothing is left."""
    text = sentence(delivery, parent)
    rest = text.removeprefix(said)
    if rest == text:
        return text
    rest = rest.lstrip(":. ")
    return rest[:1].upper() + rest[1:]


def turn(lane: str) -> str:
    """When a lane's turn comes, for a column."""
    return TURNS.get(lane, lane)


def its_turn(lane: str) -> str:
    """The same with its reason."""
    return _TURNS_SAID.get(lane, lane)


def _time(delivery: Delivery) -> str:
    if delivery.state == Delivery.State.IN_FLIGHT:
        return _with_seconds(delivery)
    if delivery.state in (Delivery.State.WAITING, Delivery.State.UNKNOWN) and delivery.next_at:
        return formats.instant(delivery.next_at)
    return ""


def _with_seconds(delivery: Delivery) -> str:
    """ "2:31:07 PM": a send takes seconds, not minutes."""
    if delivery.sent_at is None:
        return ""
    return timezone.localtime(delivery.sent_at).strftime("%I:%M:%S %p").lstrip("0")


def verdict(name: str) -> str:
    """What a look-up found, in words."""
    return VERDICTS.get(name, name.replace("_", " ").capitalize())


def next_time(delivery: Delivery) -> str:
    """When it is due again, for lists; "" where nothing is."""
    if delivery.state in ("waiting", "unknown") and not delivery.needs_person_since and delivery.next_at:
        return formats.instant(delivery.next_at)
    return ""
