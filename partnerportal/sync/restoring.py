"""A restored database made the one that sends, by an owner's command: `manage.py restored`. Imports delivery.

Nothing is sent meanwhile, because nothing has a permit. Each step may be repeated: a command that was killed
is run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from partnerportal.audit import checkpoint, entries
from partnerportal.audit.checkpoint import Problem, Seen
from partnerportal.audit.checkpoint_store import Document
from partnerportal.audit.context import Context
from partnerportal.delivery import doubting
from partnerportal.kernel.numbers import counted
from partnerportal.sync import services

# What the command may take up when a deployment starts, with nobody there to say that it is meant.
BY_ITSELF = (Problem.RESTORED, Problem.BEHIND)
NOTHING_TO_DO = (None, Problem.WAITING)


class Refused(Exception):
    """It is not for this command to say that this database is the one. The text is for the owner."""


@dataclass(frozen=True)
class Restored:
    """`pull`: the job that reads back what the lost hours changed, "" where there is no key to read with."""

    problem: Problem
    resume_at: datetime
    counts: dict[str, int]
    pull: str


def take_up(context: Context, *, at_start: bool = False) -> Restored | None:
    """From now on this database is the newest. None where it is already. Raises Refused, Unreadable."""
    problem, seen, found = checkpoint.compared()
    if problem is None or problem in NOTHING_TO_DO:
        checkpoint.renew()
        return None
    _refuse(problem, seen, at_start=at_start)
    counts = doubting.begin()
    with transaction.atomic():
        resume_at = checkpoint.begin_anew(seen, found.document)
        entries.write("database_restored", context, _detail(problem, found.document, counts))
    checkpoint.publish()
    return Restored(problem, resume_at, counts, _read_back(context))


def _refuse(problem: Problem, seen: Seen, *, at_start: bool) -> None:
    if problem is Problem.FOREIGN:
        raise Refused(
            "The checkpoint at CHECKPOINT_URL belongs to another deployment. Give each deployment its own. "
            "After a database was lost, restore its backup."
        )
    never = problem is Problem.MISSING and not seen.incarnation
    if at_start and not (problem in BY_ITSELF or never or (settings.LOCAL and problem is Problem.MISSING)):
        raise Refused(
            f"Sending is stopped ({problem}). Run `manage.py restored` if this database is the one to keep."
        )


def _detail(problem: Problem, document: Document | None, counts: dict[str, int]) -> dict[str, object]:
    return {"found": str(problem), "checkpoint_at": (document or {}).get("at"), **counts}


def _read_back(context: Context) -> str:
    """Start reading everything there. It begins when sending may go on."""
    try:
        return services.request_pull(context, full=True).job.short_id
    except services.NoKey:
        return ""


def summary(done: Restored) -> list[str]:
    """What was found and what comes now, a line each."""
    unsure = counted(done.counts["unknown"] + done.counts["unsent"], "delivery", "deliveries")
    lines = [
        f"This database was restored ({done.problem}). It is the one that sends from now on.",
        f"All ids go on {checkpoint.MARGIN:,} higher.",
        f"Looked for at Inbox Health before they are sent: {unsure}.",
        f"Sending goes on by itself at {done.resume_at:%Y-%m-%d %H:%M:%S %Z}.",
    ]
    if done.pull:
        lines.append(f"{done.pull} reads back what changed at Inbox Health.")
    else:
        lines.append("There is no service key: connect one, then run `manage.py pull --full`.")
    return lines
