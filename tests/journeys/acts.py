"""What a forked process of a journey does: set the stage, ask for pushes, work, look whether all arrived.

Runs inside the nursery's children, against one journey's own database.
"""

from __future__ import annotations

import io
import json
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.context import Context
from partnerportal.audit.models import Checkpoint
from partnerportal.delivery import doubting, engine, resolve
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.plans import confirm_plan, make_plan
from partnerportal.delivery.queueing import LANES
from partnerportal.delivery.services import request_link, request_push
from partnerportal.delivery.sweep import sweep
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient, Practice
from partnerportal.sync import pulling, services
from partnerportal.webhooks import process
from partnerportal.webhooks.models import Event
from tests import cast
from tests.journeys import commits, money_acts, oddities, pace
from tests.journeys.verify import faults_found
from tests.owner import owning
from tests.sandbox_process import KEY

_NEXT = """
SELECT EXTRACT(EPOCH FROM MIN(CASE WHEN lease_until > clock_timestamp() THEN lease_until
    ELSE COALESCE(confirm_at, next_at) END) - clock_timestamp())
FROM delivery_delivery
WHERE state NOT IN ('delivered', 'cancelled', 'failed', 'blocked') OR confirm_at IS NOT NULL
"""
CONTEXT = Context(actor="user:ola", origin="console")


def open_key(scheme: str = "basic") -> None:
    cast.make_staff("ola", "operator")
    key = cast.make_key()
    key.scheme = scheme
    key.save()


def make(name: str, practices: int = 0, patients: int = 0) -> dict[str, Any]:
    """An enterprise with its practices and patients, nothing sent."""
    enterprise = cast.make_enterprise(name)
    for number in range(practices):
        cast.make_practice(enterprise, f"{name} office {number}")
    make_patients(enterprise, patients)
    return {"enterprise": enterprise.pk}


def make_patients(enterprise: Enterprise, number: int, *, in_bulk: bool = False) -> None:
    first, practice = enterprise.patients.count(), enterprise.practices.order_by("pk").first()
    made = [_patient(enterprise, practice, each) for each in range(first, first + number)]
    if in_bulk:
        for patient in made:
            patient.recompute()
        Patient.objects.bulk_create(made, batch_size=1000)
        return
    for patient in made:
        patient.save()


def _patient(enterprise: Enterprise, practice: Practice | None, each: int) -> Patient:
    return Patient(
        enterprise=enterprise,
        first_name=f"Ada{each}",
        last_name=f"Byron of {enterprise.name}",
        date_of_birth=date(1950, 1, 1 + each % 28),
        health_record_id=f"{enterprise.name}-{each}",
        practice=practice,
        cell_phone="(203) 555-0101",
        sex="F",
    )


def more_patients(name: str, number: int, in_bulk: bool = False) -> None:
    make_patients(Enterprise.objects.get(name=name), number, in_bulk=in_bulk)


def ask(name: str, what: str = "patients") -> str:
    """Push all patients of an enterprise as a batch, or the enterprise alone."""
    enterprise = Enterprise.objects.get(name=name)
    if what == "enterprise":
        request_push(CONTEXT, enterprise)
        return "enterprise"
    plan = make_plan(Staff.objects.get(username="ola"), "patient", enterprise.patients.all())
    return confirm_plan(plan, CONTEXT).short_id


def edit(name: str) -> None:
    """Change each patient of an enterprise."""
    for patient in Patient.objects.filter(enterprise__name=name):
        patient.city = "Boston"
        patient.save()


def cities(name: str) -> list[str]:
    """Where the patients of an enterprise live, oldest first."""
    return list(Patient.objects.filter(enterprise__name=name).order_by("pk").values_list("city", flat=True))


def read_everything() -> None:
    services.request_pull(CONTEXT, full=True)


def adopt(name: str, charts: list[str]) -> int:
    """Make an enterprise and patients there without us, and ask to link ours to it; its id."""
    made = _there("enterprises", {"enterprise": _theirs(Enterprise.objects.get(name=name))})
    for chart in charts:
        born = Patient.objects.filter(health_record_id=chart).get()
        _there(
            "patients",
            {
                "patient": {
                    "enterprise_id": made["id"],
                    "first_name": born.first_name,
                    "last_name": born.last_name,
                    "health_record_id": chart,
                }
            },
        )
    return int(made["id"])


def _theirs(enterprise: Enterprise) -> dict[str, Any]:
    return enterprise.wire.create_payload(enterprise)


def link(name: str, remote_id: int) -> None:
    request_link(CONTEXT, Enterprise.objects.get(name=name), remote_id)


def work(seconds: float = 60.0, until: str = "quiet", pulls: bool = False, **odd: Any) -> str:
    """What a worker and the schedule do, in turns, until nothing is open (or `until` a state is seen).

    `pulls`: what is to be read at Inbox Health is read as well. `odd`: see oddities. What it commits is
    watched, pulls excepted: each commit has its crash point.
    """
    oddities.put(**odd)
    with commits.recorded() as unnamed:
        said = _work(seconds, until, pulls)
    return said if pulls or not unnamed else f"no crash point between: {'; '.join(sorted(set(unnamed)))}"


def _work(seconds: float, until: str, pulls: bool) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for lane in LANES:
            engine.drive(lane, 2.0)
        if until != "quiet" and Delivery.objects.filter(state=until).exists():
            return until
        resolve.resolve_due()
        process.drive(2.0)
        sweep()
        if pulls and services.running().exists():
            pulling.drive(2.0)
            continue
        if until == "quiet" and not still_open() and not Event.objects.filter(state="waiting").exists():
            return "quiet"
        time.sleep(_until_due())
    return "still open: " + json.dumps(list(still_open().values_list("noun", "kind", "state", "reason")))


def _until_due() -> float:
    """Seconds until a lease ends or a delivery is due: one that asked all the time would be no worker."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        row = cursor.fetchone()
    return min(max(float(row[0] or 0.3), 0.05), 0.5)


def still_open() -> Any:
    waiting = Delivery.objects.filter(state__in=Delivery.OPEN, needs_person_since=None)
    return waiting | Delivery.objects.filter(confirm_at__isnull=False, needs_person_since=None)


def is_quiet() -> bool:
    return not still_open().exists() and not Job.objects.filter(state=Job.State.RUNNING).exists()


def restored() -> list[str]:
    """What the command says after a backup was restored."""
    said = io.StringIO()
    with owning():
        call_command("restored", stdout=said)
    return said.getvalue().splitlines()


def seem_restored() -> None:
    """As if a backup had been restored this moment, and nothing been sent in the hours that were lost."""
    doubting.begin()
    Checkpoint.objects.update(restored_at=Now())


def verify(since: int = 0, may_differ: str = "") -> list[str]:
    return faults_found(settings.INBOX_HEALTH_BASE_URL, since, may_differ)


def _there(resource: str, body: dict[str, Any]) -> dict[str, Any]:
    """A write by somebody else, on a key of the same account."""
    headers = {"x-api-key": KEY, "Content-Type": "application/json"}
    url = f"{settings.INBOX_HEALTH_BASE_URL}/{resource}"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        record: dict[str, Any] = next(iter(json.loads(answer.read()).values()))
    return record


def key_state(state: str) -> None:
    ApiKey.objects.update(state=state)


ACTS: dict[str, Callable[..., Any]] = {
    act.__name__: act
    for act in (
        open_key,
        make,
        more_patients,
        ask,
        edit,
        cities,
        read_everything,
        adopt,
        link,
        work,
        is_quiet,
        restored,
        seem_restored,
        verify,
        key_state,
        *money_acts.ACTS,
        *oddities.ACTS,
        *pace.TIMED,
    )
}
