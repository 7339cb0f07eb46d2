"""Whatever a person does while it is sent, wherever the worker is: nothing twice, lost, stuck or late."""

from __future__ import annotations

import os

import pytest

from tests.races import acts, plans
from tests.races.acts import ACTS
from tests.races.arena import Arena
from tests.races.meeting import between_people, meeting, spots_between
from tests.races.ways import FIRST, OTHERS, WAYS, Way

# The database is emptied after the last of them (conftest).
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1200)]
# What did harm before, and what is likeliest to; the other acts belong to the long run.
SHORT = {
    "a new patient": (acts.edit, acts.cancel, acts.link, acts.join_away, acts.delete, acts.replace_key),
    "a new patient, the request lost": (acts.remove, acts.hurry, acts.join_into, acts.edit, acts.undo),
    "a new invoice": (acts.delete_invoice, acts.delete_line, acts.cancel, acts.edit_invoice, acts.hurry),
    "a new payment, applied": (
        acts.delete_payment, acts.drop_application, acts.delete_invoice, acts.void, acts.apply, acts.cancel,
    ),
}  # fmt: skip
NAMED = os.environ.get("MEETING", "")  # "a new invoice | claimed:1 | delete_invoice": that one alone


def _well(report: plans.Report) -> None:
    assert report.wrong == []
    assert report.met >= report.held * 0.5, f"only {report.met} of {report.held} met"


def _each(ways: tuple[Way, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("way", ways, ids=lambda way: way.name)


@pytest.mark.parametrize("name", SHORT)
def test_at_each_point_two_acts(arena: Arena, name: str) -> None:
    way = WAYS[name]
    _well(plans.hold_all(arena, way, plans.some_at_points(arena, way, SHORT[name])))


@pytest.mark.soak  # about a minute each: too long for `make test-long` as it is
@_each(FIRST)
def test_at_each_point_each_act_for_patient_invoice_and_payment(arena: Arena, way: Way) -> None:
    _well(plans.hold_all(arena, way, plans.all_at_points(arena, way)))


@pytest.mark.soak  # about a minute each: too long for `make test-long` as it is
@_each(FIRST)
def test_at_each_lock_some_act(arena: Arena, way: Way) -> None:
    _well(plans.hold_all(arena, way, plans.some_at_locks(arena, way)))


@pytest.mark.soak  # about a minute each: too long for `make test-long` as it is
@_each(OTHERS)
def test_at_each_point_two_acts_for_the_other_nouns(arena: Arena, way: Way) -> None:
    _well(plans.hold_all(arena, way, plans.some_at_points(arena, way, ACTS[way.noun])))


@pytest.mark.soak
@_each((*FIRST, *OTHERS))
def test_everywhere_each_act(arena: Arena, way: Way) -> None:
    report = plans.hold_all(arena, way, plans.everything(arena, way))
    print(f"\n{way.name}: {report.held} meetings, {report.met} met")
    _well(report)


@pytest.mark.soak  # about a minute each: too long for `make test-long` as it is
@_each(tuple(WAYS[name] for name in ("a new payment, applied", "a void", "a new invoice")))
def test_two_people_on_one_account(arena: Arena, way: Way) -> None:
    """One is held after each lock that they take, while the other does something else."""
    wrong: list[str] = []
    known = ACTS[way.noun]
    for number, one in enumerate(known):
        for turn, spot in enumerate(spots_between(arena, way, one)):
            other = known[(number + 1 + turn) % len(known)]
            broken = between_people(arena, way, one, spot, other)
            wrong += plans.said(way, f"{one.__name__} {spot}", other, broken)
    assert wrong == []


@pytest.mark.soak  # about a minute each: too long for `make test-long` as it is
@pytest.mark.parametrize("noun", ACTS)
def test_each_button_takes_what_is_pressed_here(arena: Arena, noun: str) -> None:
    """With nobody in between, each act is taken in some way of the noun; else it would test nothing."""
    refused = set(ACTS[noun]) - acts.LATER
    for way in (way for way in WAYS.values() if way.noun == noun):
        for act in list(refused):
            arena.answers.clear()
            if plans.is_done(arena, way, act) and set(arena.answers) <= {302}:
                refused.discard(act)
    assert {act.__name__ for act in refused} == set()


@pytest.mark.skipif(not NAMED, reason="MEETING names none")
def test_the_meeting_that_is_named(arena: Arena) -> None:
    name, spot, act = NAMED.split(" | ")[:3]
    way = WAYS[name]
    (chosen,) = [one for one in ACTS[way.noun] if one.__name__ == act]
    assert meeting(arena, way, spot, chosen) == (True, [])
