"""Named crash points: a journey kills the worker at one of them with -9 and shows that nothing is lost.

A point does nothing unless PORTAL_CRASH_POINT names it; the variable is refused outside tests and local mode
(portal.E006). Imports nothing of ours.
"""

from __future__ import annotations

import os
import signal

# In the order of the path. Each stands between two commits, or between a commit and what follows it.
POINTS = (
    "ringing",  # a request for a push is committed, the doorbell not rung
    "confirmed",  # a batch is made, none of its deliveries
    "enqueued",  # one chunk of a batch is queued
    "claimed",
    "doubted",  # after a restore, a create is unknown, and not looked for
    "blocked",  # what must come first is queued
    "reserved",
    "put_back",
    "in_flight_committed",
    "exchange_committed",
    "answer_received",
    "answer_committed",
    "settled",
    "list_read",
    "list_tied",
    "lookup_answered",
    "lookup_committed",
    "revived",
)
_state = {"seen": 0}


def crash_point(name: str) -> None:
    """Die here, as if the power went, when PORTAL_CRASH_POINT is `name` or `name:N` (the N-th time)."""
    wanted = os.environ.get("PORTAL_CRASH_POINT", "")
    if not wanted or wanted.split(":")[0] != name:
        return
    _state["seen"] += 1
    if _state["seen"] >= int(wanted.partition(":")[2] or 1) and _once():
        os.kill(os.getpid(), signal.SIGKILL)


def _once() -> bool:
    """With PORTAL_CRASH_MARK, only the first process that gets here dies: the mark is made before the end."""
    mark = os.environ.get("PORTAL_CRASH_MARK", "")
    if not mark:
        return True
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True
