"""One meeting: a way is held at a spot, an act is done, both go on; what is wrong afterwards."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from partnerportal.delivery.boundary import place_of
from partnerportal.delivery.models import Brake
from partnerportal.delivery.services import NotPossible, NotValid, request_push
from partnerportal.kernel.clock import db_now
from partnerportal.records.account import NotAllowed
from partnerportal.records.state import SyncState
from tests.delivery.scene import deadlocks
from tests.races import aftermath
from tests.races.acts import REFUSALS, Act
from tests.races.aftermath import Moment, Sides
from tests.races.arena import Arena, Case, still_open, tidy, work
from tests.races.holding import meet, way_of
from tests.races.ways import Way

UNSENT = (SyncState.NOT_SENT, SyncState.CHANGED_HERE)
ROUNDS = 3  # of pushing what is left: a parent first, then what waited for it


class _Heard(logging.Handler):
    """What the worker's boundary caught and wrote down."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def heard() -> Iterator[list[str]]:
    handler, log = _Heard(), logging.getLogger("portal.delivery")
    log.addHandler(handler)
    try:
        yield handler.lines
    finally:
        log.removeHandler(handler)


def spots_of(arena: Arena, way: Way) -> list[str]:
    """Where a worker passes when nobody interferes, in this order; it must arrive."""
    case = arena.new_case()
    try:
        way.begin(case)
        return way_of(work)
    finally:
        tidy()


def meeting(arena: Arena, way: Way, spot: str, act: Act) -> tuple[bool, list[str]]:
    """A worker is held at the spot. Whether they met, and each broken promise as a sentence."""
    case, moment = arena.new_case(), Moment()
    way.begin(case)
    return _held(case, work, spot, moment, act)


def spots_between(arena: Arena, way: Way, act: Act) -> list[str]:
    """The locks that a person takes who does this while it waits to be sent."""
    case = arena.new_case()
    try:
        way.begin(case)
        return [spot for spot in way_of(partial(_done, case, act, Moment())) if "+" in spot]
    finally:
        tidy()


def between_people(arena: Arena, way: Way, one: Act, spot: str, other: Act) -> list[str]:
    """The same where it is a person who is held, and nobody sends anything meanwhile."""
    case, moment = arena.new_case(), Moment()
    way.begin(case)
    return _held(case, partial(_done, case, one, Moment()), spot, moment, other)[1]


def _held(
    case: Case, walk: Callable[[], None], spot: str, moment: Moment, act: Act
) -> tuple[bool, list[str]]:
    before = _deadlocks()
    try:
        with heard() as lines:
            met, errors = meet(walk, spot, partial(_done, case, act, moment))
            wrong = [_told(error) for error in errors]
            wrong += list(_after(case, moment))
            wrong += [f"a worker failed: {line}" for line in lines]
        wrong += [f"PostgreSQL broke {n} deadlocks" for n in (_deadlocks() - before,) if n]
        return met, wrong
    finally:
        tidy()


def _done(case: Case, act: Act, moment: Moment) -> None:
    try:
        act(case)
    except (*REFUSALS, NotAllowed):
        pass
    moment.keep(case)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__} at {place_of(error)}: {str(error).splitlines()[:1]}"


def _deadlocks() -> int:
    """The count comes late: each backend hands its own in when it is idle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
    return deadlocks()


def _after(case: Case, moment: Moment) -> Iterator[str]:
    Brake.objects.filter(released_at=None).update(released_at=db_now())
    _see_through()
    yield from aftermath.at_rest(case, moment)
    sides = Sides.of(case)
    for _ in range(ROUNDS):
        if sides.is_asked(case):
            return
        yield from sides.disagreements()
        if not _push_the_rest(case, sides):
            break
        _see_through()
        sides = Sides.of(case)
    if not sides.is_asked(case):
        yield from sides.orphans(case)
        yield from sides.unsettled()


def _see_through() -> None:
    if still_open().exists():
        work(8.0)


def _push_the_rest(case: Case, sides: Sides) -> bool:
    """Ask for whatever nobody asked for yet; whether there was anything."""
    left = [row for row in sides.ours if row.sync_state in UNSENT]
    for row in left:
        try:
            request_push(case.context, row)
        except (NotValid, NotPossible):
            continue
    return bool(left)
