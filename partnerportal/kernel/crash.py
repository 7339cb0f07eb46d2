"""Named crash points: a journey kills the worker at one of them with -9 and shows that nothing is lost.

A point does nothing unless PORTAL_CRASH_POINT names it; the variable is refused outside tests and local mode
(portal.E006). Tests may also hang a hook on all points, to hold a worker's thread at one or to see which were
passed. Imports nothing of ours.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

# In the order of the path. Each stands between two commits, or between a commit and what follows it.
POINTS = (
    "ringing",  # a request for a push is committed, the doorbell not rung
    "confirmed",  # a batch is made, none of its deliveries
    "enqueued",  # one chunk of a batch is queued
    "batch_counted",  # how far a batch is, or that it has ended
    "claimed",
    "lease_renewed",
    "doubted",  # after a restore, a create is unknown, and not looked for
    "blocked",  # what must come first is queued
    "unblocked",  # what waited for one record is freed
    "reserved",
    "put_back",
    "in_flight_committed",
    "unsent",  # the attempt ended without a request
    "compared",  # the database was held against the checkpoint
    "permitted",  # it may send for a while
    "exchange_committed",
    "answer_received",
    "answer_committed",
    "settled",
    "key_judged",  # an answer told whether the key works
    "stamped",  # the first accepted write tied this deployment to its environment
    "sending_stopped",
    "probe_claimed",  # it is this worker's turn to ask whether a storm is over
    "sending_resumed",
    "given_up",  # a fault of our own is shown to a person
    "list_read",
    "list_tied",
    "lookup_answered",
    "lookup_committed",
    "revived",
    "event_claimed",
    "event_applied",  # one change that an event makes here, or one reading that it asks for
    "event_settled",
    "event_put_back",  # it went wrong, and is tried again later
)
_state = {"seen": 0}
_hooks: list[Callable[[str], None]] = []


def crash_point(name: str) -> None:
    """Die here, as if the power went, when PORTAL_CRASH_POINT is `name` or `name:N` (the N-th time)."""
    for hook in _hooks:
        hook(name)
    wanted = os.environ.get("PORTAL_CRASH_POINT", "")
    if not wanted or wanted.split(":")[0] != name:
        return
    _state["seen"] += 1
    if _state["seen"] >= int(wanted.partition(":")[2] or 1) and _once():
        os.kill(os.getpid(), signal.SIGKILL)


def hook_points(*hooks: Callable[[str], None]) -> None:
    """From now on each point calls these with its name, in the thread that passes it; none: no more.

    Raises RuntimeError outside tests.
    """
    if not under_test():
        raise RuntimeError("Crash points have hooks in tests only.")
    _hooks[:] = hooks


def under_test() -> bool:
    """Whether pytest runs here, or started this process."""
    return "PYTEST_VERSION" in os.environ


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
