"""Which meetings are held: a slice in each run, all of the first nouns in the long one, all in the soak."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tests.races.acts import ACTS, REFUSALS, Act
from tests.races.arena import Arena, tidy
from tests.races.meeting import meeting, spots_of
from tests.races.ways import Way

Meeting = tuple[str, Act]


@dataclass(frozen=True)
class Report:
    """What was held. `wrong`: a sentence for each promise that a meeting broke."""

    held: int
    met: int
    wrong: list[str]


def hold_all(arena: Arena, way: Way, meetings: Iterable[Meeting]) -> Report:
    """Hold these meetings of a way, one after the other."""
    held = met = 0
    wrong: list[str] = []
    for spot, act in meetings:
        did, broken = meeting(arena, way, spot, act)
        held, met = held + 1, met + did
        wrong += said(way, spot, act, broken)
    return Report(held, met, wrong)


def is_done(arena: Arena, way: Way, act: Act) -> bool:
    """Whether the act is taken when nobody sends anything at that moment."""
    case = arena.new_case()
    try:
        way.begin(case)
        act(case)
    except REFUSALS:
        return False
    finally:
        tidy()
    return True


def said(way: Way, spot: str, act: Act, broken: list[str]) -> list[str]:
    """The same sentences with the meeting before them; printed at once, because a run is long."""
    whole = [f"{way.name} | {spot} | {act.__name__} | {sentence}" for sentence in broken]
    print(*whole, sep="\n", end="\n" if whole else "", flush=True)
    return whole


def some_at_points(arena: Arena, way: Way, acts: Sequence[Act], each: int = 2) -> Iterator[Meeting]:
    """Each crash point with `each` of the acts, in turns."""
    turns = itertools.cycle(acts)
    for spot in _firsts(_points(spots_of(arena, way))):
        yield from ((spot, next(turns)) for _ in range(each))


def all_at_points(arena: Arena, way: Way) -> Iterator[Meeting]:
    """Each act at each crash point, where that is passed first; of a way with a fault, what that adds."""
    plain = _firsts(_points(spots_of(arena, replace(way, fault=None)))) if way.fault else []
    known = {spot.partition(":")[0] for spot in plain}
    for spot in _firsts(_points(spots_of(arena, way))):
        if spot.partition(":")[0] in known:
            continue
        yield from ((spot, act) for act in ACTS[way.noun])


def some_at_locks(arena: Arena, way: Way, each: int = 1) -> Iterator[Meeting]:
    """Each lock that is taken, with `each` acts: in the course of a way each act meets several."""
    turns = itertools.cycle(ACTS[way.noun])
    for spot in spots_of(arena, way):
        if "+" in spot:
            yield from ((spot, next(turns)) for _ in range(each))


def everything(arena: Arena, way: Way) -> Iterator[Meeting]:
    for spot in spots_of(arena, way):
        yield from ((spot, act) for act in ACTS[way.noun])


def _points(spots: list[str]) -> list[str]:
    return [spot for spot in spots if "+" not in spot]


def _firsts(spots: list[str]) -> list[str]:
    """The first spot of each name."""
    found: dict[str, str] = {}
    for spot in spots:
        found.setdefault(spot.partition(":")[0], spot)
    return list(found.values())
