"""What Inbox Health said of refused fields, in its own words, and the record it did not know.

Imports records, delivery's sentences and the audit's masking. What it says can quote, so it is masked
like a body for whoever may not reveal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from partnerportal.audit import masking
from partnerportal.console.plan_rows import name_of
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.sentences import refused_fields
from partnerportal.records.models import RECORDS
from partnerportal.records.state import SyncState

READ = 20  # deliveries of a group whose words are looked at
SHOWN = 3
MUST_EXIST = "must exist"


@dataclass(frozen=True)
class Unknown:
    """A record of ours that Inbox Health does not know: "practice", its name and its short id."""

    noun: str
    name: str
    short_id: str
    missing: bool  # known to be gone there

    @property
    def sentence(self) -> str:
        """What is the matter with it, ahead of its link."""
        what = f"The {self.noun.replace('_', ' ')} it named"
        return f"{what} is not at Inbox Health any more:" if self.missing else f"{what} was not found there:"


@dataclass(frozen=True)
class Told:
    """`words`: "practice must exist"; `unknown`: what of ours is not there. Both distinct, the first few."""

    words: list[str]
    unknown: list[Unknown]

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def text(self) -> str:
        return "; ".join(self.words)


def lines(delivery: Delivery, user: Any) -> list[tuple[str, str]]:
    """(label, what was said) of each refused field."""
    reveal = user.has_perm("accounts.reveal_phi")
    return [
        (label, text if reveal and "ssn" not in label.lower() else masking.quoted(text))
        for label, text in refused_fields(delivery)
    ]


def of(deliveries: list[Delivery], user: Any) -> Told:
    """Of deliveries of one noun, what was said of them."""
    some = deliveries[:READ]
    words = [f"{label} {text}" for delivery in some for label, text in lines(delivery, user)]
    return Told(_distinct(words), _distinct(_unknown(some, user)))


def _distinct(found: list[Any]) -> list[Any]:
    return list(dict.fromkeys(found))[:SHOWN]


def _unknown(deliveries: list[Delivery], user: Any) -> list[Unknown]:
    """Ours that were named by their ids there when it was sent, whatever the record names by now."""
    named: dict[str, set[int]] = {}
    sent = _sent(deliveries)
    for delivery in deliveries:
        for name in _names(delivery):
            if isinstance(number := sent.get(delivery.pk, {}).get(f"{name}_id"), int):
                named.setdefault(name, set()).add(number)
    return [
        Unknown(row.noun, name_of(row), row.short_id, row.sync_state == SyncState.MISSING_THERE)
        for name, numbers in named.items()
        if name in RECORDS
        for row in RECORDS[name].objects.visible_to(user).light().filter(remote_id__in=numbers).order_by("pk")
    ]


def _sent(deliveries: list[Delivery]) -> dict[int, dict[str, Any]]:
    """The body of each one's last attempt that was refused."""
    refused = [delivery.pk for delivery in deliveries if _names(delivery)]
    rows = Attempt.objects.filter(delivery__in=refused).order_by("number") if refused else []
    return {attempt.delivery_id: attempt.payload for attempt in rows}


def _names(delivery: Delivery) -> list[str]:
    """The nouns that it names and that were refused because they do not exist there."""
    errors = (delivery.detail or {}).get("errors", {})
    return [
        name.removesuffix("_id")
        for name, said in errors.items()
        if name.endswith("_id") and MUST_EXIST in said
    ]
