"""What Inbox Health said of refused fields, in its own words, and the record it did not know.

Imports records, delivery's sentences and the audit's masking. What it says can quote, so it is masked
like a body for whoever may not reveal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from partnerportal.audit import masking
from partnerportal.console.plan_rows import name_of
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import refused_fields
from partnerportal.records.models import RECORDS, Mirror

READ = 20  # deliveries of a group whose words are looked at
SHOWN = 3
MUST_EXIST = "must exist"


@dataclass(frozen=True)
class Unknown:
    """A record of ours that Inbox Health does not know: "practice", its name and its short id."""

    noun: str
    name: str
    short_id: str
    was_there: bool

    @property
    def sentence(self) -> str:
        """What is the matter with it, ahead of its link."""
        when = "any more" if self.was_there else "yet"
        return f"The {self.noun.replace('_', ' ')} it names is not at Inbox Health {when}:"


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
    named = {d.record_id: _names(d) for d in deliveries if _names(d)}
    if not named:
        return []
    rows = RECORDS[deliveries[0].noun].objects.visible_to(user).in_bulk(list(named))
    parents = [getattr(rows[pk], name, None) for pk, names in named.items() if pk in rows for name in names]
    return [
        Unknown(p.noun, name_of(p), p.short_id, p.remote_id is not None)
        for p in parents
        if isinstance(p, Mirror)
    ]


def _names(delivery: Delivery) -> list[str]:
    """The fields that name another record, and were refused because it does not exist there."""
    errors = (delivery.detail or {}).get("errors", {})
    return [
        name.removesuffix("_id")
        for name, said in errors.items()
        if name.endswith("_id") and MUST_EXIST in said
    ]
