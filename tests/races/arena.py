"""Where people and workers meet: one sandbox, one key, and for each meeting an enterprise of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit.context import Context
from partnerportal.delivery import engine, resolve
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.queueing import LANES
from partnerportal.delivery.sweep import sweep
from partnerportal.jobs.models import Job
from partnerportal.kernel.clock import db_now
from partnerportal.records.models import Enterprise, Mirror, Patient, Practice
from tests.cast import make_enterprise, make_patient, make_practice
from tests.sandbox_process import Sandbox
from tests.sync.scene import tie

DAY = date(2026, 11, 2)
QUICK = {
    "INBOX_HEALTH_RATE": 10_000.0,
    "INBOX_HEALTH_BURST": 10_000,
    "INBOX_HEALTH_DEADLINE": 1.0,
    "DELIVERY_LEASE": 3.0,
    "DELIVERY_UNKNOWN_DELAY": 0.05,
}


@dataclass
class Arena:
    """As a Stage, but for many meetings one after the other; nothing is emptied between them."""

    sandbox: Sandbox
    operator: Staff
    cookies: dict[str, str]
    answers: list[int] = field(default_factory=list)  # of the buttons that were pressed
    context: Context = field(default_factory=lambda: Context(actor="user:ola", origin="console"))

    def there(self, resource: str) -> list[dict[str, Any]]:
        return self.sandbox.records(resource)

    def run(self) -> None:
        work()

    def post(self, name: str, /, *args: Any, **data: Any) -> None:
        """Press a button: any answer but an error of the server's is one that a person can read."""
        client = Client()
        for cookie, value in self.cookies.items():
            client.cookies[cookie] = value
        answer = client.post(reverse(name, args=args), data)
        assert answer.status_code in (200, 302, 404, 409, 422), f"{name}: {answer.status_code}"
        self.answers.append(answer.status_code)

    def new_case(self) -> Case:
        self.sandbox.reset()
        return Case(self)


@dataclass
class Case:
    """One meeting's enterprise and what is in it. `rows`: what ways and acts know by a name."""

    arena: Arena
    rows: dict[str, Any] = field(default_factory=dict)
    theirs: set[tuple[str, int]] = field(default_factory=set)  # (resource, id) that somebody else made there
    enterprise: Enterprise = field(init=False)
    practice: Practice = field(init=False)

    def __post_init__(self) -> None:
        self.enterprise = make_enterprise(f"Elm Street {time.monotonic_ns()}")
        self.practice = make_practice(self.enterprise)

    @property
    def context(self) -> Context:
        return self.arena.context

    @property
    def target(self) -> Any:
        """What is being sent, as it is now."""
        row = self.rows["target"]
        return type(row).objects.get(pk=row.pk)

    @property
    def patient(self) -> Patient:
        patient: Patient = Patient.objects.get(pk=self.rows["patient"].pk)
        return patient

    def onboard(self) -> None:
        """Enterprise and practice are at Inbox Health."""
        self.tie(self.enterprise, self.practice)
        seeds = self.arena.there("practices")  # an enterprise without any gets one there
        self.theirs |= {("practices", row["id"]) for row in seeds if row["id"] != self.practice.remote_id}
        Enterprise.objects.filter(pk=self.enterprise.pk).update(practices_read_at=db_now())
        self.enterprise.refresh_from_db()

    def tie(self, *rows: Mirror) -> None:
        tie(self.arena, *rows)  # type: ignore[arg-type]  # it steers the sandbox only

    def add_patient(self, **fields: Any) -> Patient:
        return make_patient(self.enterprise, practice=self.practice, **fields)

    def deliveries(self) -> Any:
        return Delivery.objects.filter(enterprise=self.enterprise)


def work(seconds: float = 12.0) -> None:
    """What workers and the schedule do, until nothing is open that no person is asked about."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for lane in LANES:
            engine.drive(lane, 3.0)
        resolve.resolve_due()
        sweep()
        if not still_open().exists():
            return
        time.sleep(0.02)


def still_open() -> Any:
    waiting = Delivery.objects.filter(state__in=Delivery.OPEN, needs_person_since=None)
    return waiting | Delivery.objects.filter(confirm_at__isnull=False, needs_person_since=None)


def tidy() -> None:
    """What one meeting left may not disturb the next."""
    Brake.objects.filter(released_at=None).update(released_at=db_now())
    left = Delivery.objects.filter(state__in=Delivery.OPEN) | Delivery.objects.filter(
        confirm_at__isnull=False
    )
    left.update(state=Delivery.State.CANCELLED, confirm_at=None, needs_person_since=None, lease_until=None)
    Job.objects.filter(state__in=(Job.State.RUNNING, Job.State.PAUSED)).update(state=Job.State.CANCELLED)
