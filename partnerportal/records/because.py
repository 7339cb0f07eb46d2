"""Why records change without a click: kept with the history of each row that is written meanwhile.

Imports the audit's context.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory

from partnerportal.audit.context import Context


@contextmanager
def because(context: Context) -> Iterator[None]:
    """History written inside says whose doing it is and what caused it: "event:EV-1", "job:J-3"."""
    with pghistory.context(actor=context.actor, cause=context.cause):
        yield
