"""Whether this database is the newest one: compared with a checkpoint outside of it. Owns who may send.

A restored database has forgotten the last hours, and would send again what they sent. So each request needs a
permit, which is bound to the very database that it was given to, and which only a comparison with the
checkpoint gives. The journal asks for it in the statement that writes the Exchange: no wait, no window. The
checkpoint says how far all ids had come, so that a database which was set back on its own disk is found too.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings

from partnerportal.audit import checkpoint_store as store
from partnerportal.audit.checkpoint_store import Document, Found, Unreadable
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.statements import run

TRIES = 3  # where several hosts write at once
# What ids may have been used after the last checkpoint was written, seconds before the end: far more than any
# import makes in that time.
MARGIN = 1_000_000


class Problem(StrEnum):
    """Why nothing is sent."""

    RESTORED = "restored"  # a backup: not the database that last sent
    BEHIND = "behind"  # the same database, set back to an earlier state of its disk
    TAKEN_OVER = "taken_over"  # another database of this deployment was restored and sends now
    MISSING = "missing"  # it has sent before, and there is no checkpoint
    FOREIGN = "foreign"  # the checkpoint is another deployment's
    UNREADABLE = "unreadable"  # nobody can say
    WAITING = "waiting"  # restored; what was sent last may still arrive there


# Of the running server and its tables, from memory: what a dump, a copy or a restart changes.
_TABLE = (
    "SELECT c.oid FROM pg_class c WHERE c.relname = 'audit_exchange'"
    " AND c.relnamespace = 'public'::regnamespace"
)
_DATABASE = "SELECT d.oid FROM pg_database d WHERE d.datname = current_database()"
PERMIT = f"concat_ws('.', ({_DATABASE}), ({_TABLE}), EXTRACT(EPOCH FROM pg_postmaster_start_time()))"
# What stays through a restart, and changes with a dump, a copy, and a recovery to a point in time (timeline).
_CLUSTER = "SELECT system_identifier FROM pg_control_system()"
_TIMELINE = "left(pg_walfile_name(pg_current_wal_lsn()), 8)"
INCARNATION = f"concat_ws('.', ({_CLUSTER}), ({_DATABASE}), ({_TABLE}), {_TIMELINE})"
_VALID = "valid_until > clock_timestamp()"
ALLOWED = f"SELECT 1 FROM audit_checkpoint WHERE {_VALID} AND permit = {PERMIT}"  # noqa: S608
# Written, because its commit puts what the sequences say onto the disk before the checkpoint says it.
_LOOK = f"""
UPDATE audit_checkpoint SET checked_at = clock_timestamp() RETURNING deployment, incarnation, restores,
    resume_at, checked_at, {INCARNATION}, {PERMIT}, NOT EXISTS (SELECT 1 FROM audit_exchange),
    (SELECT json_object_agg(sequencename, COALESCE(last_value, 0))::text FROM pg_sequences
        WHERE schemaname = 'public')
"""  # noqa: S608
_ALLOW = """
UPDATE audit_checkpoint SET incarnation = %s, permit = %s, valid_until = %s, problem = '',
    problem_since = NULL RETURNING id
"""
_NOTE = """
UPDATE audit_checkpoint SET problem = %s::text, valid_until = CASE WHEN %s THEN valid_until END,
    problem_since = CASE WHEN problem = %s::text THEN problem_since ELSE clock_timestamp() END RETURNING id
"""
_STANDING = f"""
SELECT CASE WHEN incarnation NOT IN ('', {INCARNATION}) THEN 'restored'
    WHEN {_VALID} THEN '' ELSE problem END,
    COALESCE(problem_since, clock_timestamp()), resume_at FROM audit_checkpoint
"""  # noqa: S608


@dataclass(frozen=True)
class Seen:
    """What the database says of itself. `sequences`: {name: last id given out}; `fresh`: it never sent."""

    deployment: uuid.UUID
    incarnation: str
    restores: int
    resume_at: datetime | None
    at: datetime
    current: str
    permit: str
    fresh: bool
    sequences: Mapping[str, int]


@dataclass(frozen=True)
class Standing:
    """What a page says: why nothing is sent, since when; `resume_at` while it waits."""

    problem: Problem
    since: datetime
    resume_at: datetime | None


def is_allowed() -> bool:
    """Whether this database has a permit now: what the journal asks again."""
    return run(ALLOWED, []) is not None


def standing() -> Standing | None:
    """Why nothing is sent, for pages: from the database alone. None where sending may go on."""
    row = run(_STANDING, [])
    return Standing(Problem(row[0]), row[1], row[2]) if row and row[0] else None


def restored_at() -> datetime | None:
    """When this database was last restored: what is older may have been sent in the hours it lost."""
    row = run("SELECT restored_at FROM audit_checkpoint", [])
    return row[0] if row else None


def renew() -> Problem | None:
    """Compare; where all is well, move the checkpoint on and extend the permit. Outside any transaction.

    An address that can't be reached ends no permit: that runs out by its time, after CHECKPOINT_LEASE.
    """
    for _ in range(TRIES):
        try:
            found = store.read()  # before the database: what it says was true before now
            seen = look()
            problem = judge(seen, found.document)
            if problem not in (None, Problem.WAITING):
                return _noted(problem)
            if not store.write(_next(seen, found.document), found):
                continue
        except Unreadable:
            return _noted(Problem.UNREADABLE)
        if problem is not None:
            return _noted(problem)
        _allow(seen)
        return None
    return None if is_allowed() else _noted(Problem.UNREADABLE)


def publish() -> None:
    """Say outside that this database is the one now, also where no checkpoint lay. Raises Unreadable."""
    found, seen = store.read(), look()
    if found.document is None:
        store.write(_next(seen, None), found)
    if renew() is Problem.UNREADABLE:
        raise Unreadable("it could not be written")


def compared() -> tuple[Problem | None, Seen, Found]:
    """The comparison alone; nothing is written outside. Raises Unreadable."""
    found = store.read()
    seen = look()
    return judge(seen, found.document), seen, found


def look() -> Seen:
    """The database's own side."""
    row = run(_LOOK, [])
    if row is None:
        raise RuntimeError("audit_checkpoint has lost its row: migrate")
    crash_point("compared")
    values: list[Any] = [*row[:-1], json.loads(row[-1] or "{}")]
    return Seen(*values)


def judge(seen: Seen, document: Document | None) -> Problem | None:
    """Why this database may not send; None where it may. Pure."""
    if document is None:
        return None if seen.fresh and not seen.incarnation else Problem.MISSING
    if document.get("deployment") != str(seen.deployment):
        return Problem.FOREIGN
    if seen.incarnation not in ("", seen.current):
        return Problem.RESTORED
    unpublished = seen.incarnation != "" and seen.restores > int(document.get("restores", 0))
    if not unpublished and document.get("incarnation") != seen.current:
        return Problem.TAKEN_OVER if seen.incarnation else Problem.RESTORED
    if any(seen.sequences.get(name, value) < value for name, value in document["sequences"].items()):
        return Problem.BEHIND
    return Problem.WAITING if seen.resume_at and seen.at < seen.resume_at else None


def _next(seen: Seen, document: Document | None) -> Document:
    """The checkpoint after this comparison. What others keep in it stays."""
    before = (document or {}).get("sequences", {})
    return {
        **(document or {}),
        "deployment": str(seen.deployment),
        "environment": environment_name(),
        "incarnation": seen.current,
        "restores": seen.restores,
        "at": seen.at.isoformat(),
        "sequences": {name: max(value, before.get(name, 0)) for name, value in seen.sequences.items()},
    }


def _allow(seen: Seen) -> None:
    until = seen.at + timedelta(seconds=settings.CHECKPOINT_LEASE)
    run(_ALLOW, [seen.current, seen.permit, until])
    crash_point("permitted")


def _noted(problem: Problem) -> Problem:
    run(_NOTE, [str(problem), problem is Problem.UNREADABLE, str(problem)])
    crash_point("compared")
    return problem


def _ended_at(document: Document | None, now: datetime) -> datetime:
    """When the last request of the lost hours can have been sent: a permit's end at most."""
    lease = timedelta(seconds=settings.CHECKPOINT_LEASE)
    try:
        written = datetime.fromisoformat(str((document or {})["at"]))
    except (KeyError, ValueError):
        written = now
    return max(now, min(written, now) + lease)


def begin_anew(seen: Seen, document: Document | None) -> datetime:
    """This database is the one from now on, in the caller's transaction; when sending may go on.

    All ids go on beyond whatever the lost hours used. Needs the role that owns the tables.
    """
    known: Mapping[str, Any] = (document or {}).get("sequences", {})
    for name, last in seen.sequences.items():
        highest = max(last, int(known.get(name, 0))) + MARGIN
        run("SELECT setval(format('public.%%I', %s::text)::regclass, %s)", [name, highest])
    resume_at = _ended_at(document, seen.at) + timedelta(seconds=settings.DELIVERY_UNKNOWN_DELAY)
    run(
        "UPDATE audit_checkpoint SET incarnation = %s, restores = GREATEST(restores, %s) + 1,"
        " restored_at = clock_timestamp(), resume_at = %s, valid_until = NULL RETURNING id",
        [seen.current, int((document or {}).get("restores", 0)), resume_at],
    )
    return resume_at
