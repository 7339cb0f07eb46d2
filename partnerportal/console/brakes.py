"""The bar that says on every page that sending is stopped: since when, why, what waits, what to do.

Imports delivery's models and needs, and the error catalogue's links.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from partnerportal.audit import checkpoint
from partnerportal.audit.checkpoint import Problem
from partnerportal.console import catalogue, catalogue_links, key_remedy
from partnerportal.console.remedies import Act
from partnerportal.delivery import needs
from partnerportal.delivery.models import Brake, Delivery

STOP = "accounts.stop_sending"


_RUN_IT = "Whoever runs this portal follows “Restore a backup” in the deployment guide."
# By what was found: what happened, and who ends it.
_CHECKPOINT = {
    Problem.RESTORED: (
        "This portal's database was restored from a backup, so it may not know what was sent last.",
        _RUN_IT,
    ),
    Problem.BEHIND: (
        "This portal's database was set back to an earlier state. It may not know what was sent last.",
        _RUN_IT,
    ),
    Problem.TAKEN_OVER: ("Another database of this portal was restored and sends now.", _RUN_IT),
    Problem.MISSING: (
        "The checkpoint that shows whether this database is the newest one is missing.", _RUN_IT,
    ),
    Problem.FOREIGN: (
        "The checkpoint belongs to another portal.", "Whoever runs this portal corrects CHECKPOINT_URL.",
    ),
    Problem.UNREADABLE: (
        "The checkpoint that shows whether this database is the newest one can't be read.",
        "Sending resumes by itself when it can be read.",
    ),
    Problem.WAITING: (
        "A backup was restored, and the last requests before the outage may still arrive at Inbox Health.",
        "Sending resumes by itself in a few minutes.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Stop:
    """One stop in a person's sight. `waiting`: their deliveries that wait for it; `note`: who can end it."""

    reason: str
    since: datetime
    waiting: int
    act: Act | None
    about: str  # the address of its entry in the error catalogue
    note: str = ""


def stops_for(user: Any) -> list[Stop]:
    """Open brakes, and keys under which something waits; one of an enterprise only to who may see it."""
    brakes = Brake.objects.filter(released_at=None).order_by("created_at")
    waiting = Delivery.objects.visible_to(user).filter(state__in=Delivery.UNSENT)
    braked = [_of_brake(brake, waiting, user) for brake in brakes if in_sight(brake, user)]
    held = _of_checkpoint(waiting)
    return held + braked + [_of_key(group, user) for group in needs.keys(user)]


def _of_checkpoint(waiting: Any) -> list[Stop]:
    """What is stopped because this database may not be the newest one. The owner's command ends it."""
    found = checkpoint.standing()
    if found is None:
        return []
    reason, note = _CHECKPOINT[found.problem]
    about = catalogue_links.address_of(catalogue.of("checkpoint", found.problem))
    return [Stop(reason, found.since, waiting.count(), None, about, note)]


def in_sight(brake: Brake, user: Any) -> bool:
    if brake.scope != Brake.Scope.ENTERPRISE or user.all_enterprises:
        return True
    return bool(user.scope.filter(enterprise_id=brake.target_id).exists())


def held_by(brake: Brake, waiting: Any) -> int:
    """How many of these deliveries wait for this brake."""
    narrowed = {
        "all": {},
        "key": {"key_id": brake.target_id},
        "enterprise": {"enterprise_id": brake.target_id},
    }
    number: int = waiting.filter(**narrowed[brake.scope]).count()
    return number


def _of_brake(brake: Brake, waiting: Any, user: Any) -> Stop:
    may = user.has_perm(STOP)
    act = Act("Resume…", reverse("brakes"), "play_arrow") if may else None
    note = "" if may else "An operator or an administrator resumes it."
    about = catalogue_links.of_brake(brake)
    return Stop(sentence(brake.reason), brake.created_at, held_by(brake, waiting), act, about, note)


def _of_key(group: needs.KeyGroup, user: Any) -> Stop:
    key, act = group.key, key_remedy.act_for(group.key, user)
    reason = f"{key_remedy.sentence(key)}."
    about = catalogue_links.address_of(catalogue.of("key", key.state))
    return Stop(reason, group.since, group.number, act, about, "" if act else key_remedy.who_else(key))


def sentence(reason: str) -> str:
    """With its full stop."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
