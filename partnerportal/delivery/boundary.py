"""The worker's boundary: one delivery that goes wrong must not keep the others. Imports Django only.

The one place that catches whatever comes. Only the error's class and the place reach the log, never its
text: it can quote a value.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, close_old_connections

log = logging.getLogger("portal.delivery")
REST = 1.0  # seconds: a database that is away, or has just chosen a victim, is not asked again at once


def kept_going(what: str, work: Callable[[], object]) -> BaseException | None:
    """Do it; what it raised is logged and returned, so that the caller goes on with the next."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  the one place, see above
        log.error("%s: %s at %s", what, type(error).__name__, place_of(error))
        if isinstance(error, OperationalError | InterfaceError):
            close_old_connections()
            time.sleep(REST)
        return error
    return None


def place_of(error: BaseException) -> str:
    """Where it was raised: "settle.py:88 < engine.py:97 < …", innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))


def is_passing(error: BaseException) -> bool:
    """Whether trying again may do better: the database was away, or killed one of two that met."""
    return isinstance(error, DatabaseError)
