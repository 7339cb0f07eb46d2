"""The schedule over a day: our pushes' events come in time, late or never, by lot, while it checks and pulls.

What is lost is noticed within the promised time or healed by a pull; nothing else is called suspect or lost.
Checks by schedule and by hand, and keys that are replaced, change none of it.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from django.conf import settings

from partnerportal.celery import app
from partnerportal.records.models import Patient
from partnerportal.webhooks import endpoints, lateness
from partnerportal.webhooks.models import LateEvent
from tests.cast import make_enterprise, make_patient
from tests.sync.scene import tie
from tests.webhooks.passing import Passing
from tests.webhooks.post import event, post
from tests.webhooks.scene import Channel, channel, push

__all__ = ["channel"]
HOUR = 3600.0
SLACK = 5.0  # seconds that truly pass between a moment and its being looked at


@dataclass
class Day:
    """`lost`: (when, patient) of each push whose event never comes; `heard`: when any event came."""

    channel: Channel
    chance: Random
    patients: list[Patient]
    time: Passing = field(default_factory=Passing)
    queue: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    lost: list[tuple[float, int]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    noticed: dict[int, float] = field(default_factory=dict)
    cities: Any = field(default_factory=lambda: itertools.count(1))
    order: Any = field(default_factory=itertools.count)

    def at(self, moment: float, act: Callable[[], None]) -> None:
        heapq.heappush(self.queue, (moment, next(self.order), act))

    def every(self, name: str, *with_it: str) -> None:
        """The schedule's own entry at its own interval, from a random moment on; others after each of it."""
        entries = settings.CELERY_BEAT_SCHEDULE
        names = [entries[one]["task"] for one in (name, *with_it)]
        seconds = float(entries[name]["schedule"])

        def act() -> None:
            self.at(self.time.now + seconds, act)
            for one in names:
                app.tasks[one]()
            if name == "channels":
                self.looked()

        self.at(self.chance.uniform(0, seconds), act)

    def push(self, patient: Patient, delay: float | None) -> None:
        """Edit one here and push it; its event comes after so many seconds, or never."""
        patient.refresh_from_db()
        patient.city = f"City {next(self.cities)}"
        patient.save()
        push(self.channel.stage, patient)
        if delay is None:
            self.lost.append((self.time.now, patient.pk))
        else:
            self.at(self.time.now + delay, lambda: self.arrives(patient))

    def arrives(self, patient: Patient) -> None:
        told = event("patient_updated", updated_at="2020-01-01T00:00:00.000Z")
        told["event_data"]["object"]["id"] = patient.remote_id
        assert post(self.channel.endpoint, told).status_code == 200
        self.heard.append(self.time.now)

    def looked(self) -> None:
        """After each look: suspect is an endpoint that heard nothing since a push whose event is missing."""
        now, endpoint = self.time.now, self.channel.endpoint
        endpoint.refresh_from_db()
        for found in lateness.missing(endpoint):
            self.noticed.setdefault(found.attempt, now)
        due = [moment for moment, _ in self.lost if moment + self.patience < now]
        newest = max(due, default=None)
        silent = newest is not None and not any(moment > newest for moment in self.heard)
        if newest is None or abs(now - newest - self.patience) > 2 * SLACK:
            assert bool(endpoint.suspect_since) == silent, (now, newest, self.heard[-1:])

    @property
    def patience(self) -> float:
        return lateness.GRACE * lateness.limit().total_seconds()

    def pass_until(self, end: float) -> None:
        while self.queue[0][0] < end:
            moment, _, act = heapq.heappop(self.queue)
            self.time.until(moment)
            act()


@pytest.fixture
def patients(channel: Channel) -> list[Patient]:
    enterprise = make_enterprise()
    tie(channel.stage, enterprise)
    patients = [make_patient(enterprise) for _ in range(8)]
    tie(channel.stage, *patients)
    channel.stage.sandbox.fault(kind="event_lose", operation="*")  # they come by hand, when the lot says
    return patients


def _lots(day: Day, hours: float) -> None:
    """A push every quarter of an hour or so, of each patient in turn; and what people do meanwhile."""
    limit, chance = lateness.limit().total_seconds(), day.chance
    turns, moment = itertools.cycle(day.patients), 60.0
    while moment < (hours - 1) * HOUR:
        delay = chance.choice([chance.uniform(1, limit * 0.9), limit * chance.uniform(1.02, 1.45), None])
        patient = next(turns)
        day.at(moment, lambda patient=patient, delay=delay: day.push(patient, delay))  # type: ignore[misc]
        if delay is not None and delay > limit:
            day.late.append(patient.pk)
        moment += chance.choice([300.0, 700.0, 1800.0]) * chance.uniform(0.7, 1.3)
    for moment in (chance.uniform(0, hours * HOUR) for _ in range(int(hours))):
        day.at(moment, chance.choice([lambda: _by_hand(day), lambda: _touched(day), lambda: _there(day)]))


def _by_hand(day: Day) -> None:
    app.tasks["partnerportal.webhooks.tasks.check"]()


def _touched(day: Day) -> None:
    """As when a key is replaced: sent again as it is."""
    endpoints.touch(day.channel.stage.context, day.channel.endpoint)
    day.channel.stage.run()


def _there(day: Day) -> None:
    """Somebody edits there, and the event of it is lost: the next pull brings it."""
    day.channel.change_there(day.chance.choice(day.patients), middle_name=f"M{next(day.cities)}")


@pytest.mark.parametrize(
    ("hours", "seed"),
    [
        (3, 1),
        pytest.param(24, 2, marks=pytest.mark.long),
        *[pytest.param(24, seed, marks=pytest.mark.soak) for seed in range(3, 13)],
    ],
)
@pytest.mark.timeout(3600)
def test_each_loss_is_noticed_or_healed_and_nothing_else_is_called_lost(
    channel: Channel, patients: list[Patient], hours: int, seed: int
) -> None:
    app.loader.import_default_modules()
    day = Day(channel, Random(seed), patients)
    day.every("channels", "events", "sweep", "pulls")
    day.every("endpoints")
    day.every("pull", "pulls")
    _lots(day, hours)
    day.pass_until(hours * HOUR)
    assert day.lost and day.late and len(day.heard) > len(day.late)
    _each_loss_was_noticed_in_time(day)
    assert LateEvent.objects.exclude(came_at=None).count() == len(day.late)
    there = {row["id"]: row for row in channel.stage.there()}
    for row in Patient.objects.all():
        known = there[row.remote_id or 0]
        assert (row.city, row.middle_name or None) == (known["city"], known["middle_name"] or None)


def _each_loss_was_noticed_in_time(day: Day) -> None:
    """In the order they were pushed: one row each, at the look after the promised time; each record read."""
    rows = list(LateEvent.objects.filter(came_at=None).order_by("pushed_at"))
    assert [row.record_id for row in rows] == [pk for _, pk in day.lost]
    look = float(settings.CELERY_BEAT_SCHEDULE["channels"]["schedule"])
    for row, (moment, _) in zip(rows, day.lost, strict=True):
        assert day.noticed[row.attempt] - moment < day.patience + look + SLACK
        assert row.read_at is not None
