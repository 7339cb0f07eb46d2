"""Acts that are timed: the engine as one sender, and a bare loop beside which its pace is judged."""

from __future__ import annotations

import cProfile
import os
import pstats
import time
from pathlib import Path
from typing import Any

import psycopg
import requests
from django.conf import settings
from django.db import connection
from django.db.models import Max

from partnerportal.audit.context import Context
from partnerportal.audit.models import Exchange
from partnerportal.delivery import claims, engine
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import ring_lane
from partnerportal.delivery.services import request_push
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.sandbox_process import KEY

COMMITS = 5  # of one delivery: claim, tx 1, Exchange, Answer, tx 2


def deliver(lane: str = "bulk", most: int = 0, profile: str = "") -> dict[str, float]:
    """Drive a lane until nothing is due; deliveries, seconds, and seconds of processor time."""
    watch = cProfile.Profile() if profile else None
    if watch:
        watch.enable()
    began, used, handled = time.monotonic(), time.process_time(), 0
    while more := engine.drive(lane, 10.0, stop=lambda: bool(most) and _sent() >= most):
        handled += more
    seconds = time.monotonic() - began
    if watch:
        watch.disable()
        with Path(profile).open("w") as file:
            pstats.Stats(watch, stream=file).sort_stats("cumulative").print_stats(90)
            pstats.Stats(watch, stream=file).sort_stats("tottime").print_stats(60)
    return {"handled": handled, "seconds": seconds, "processor": time.process_time() - used}


def _sent() -> int:
    return Delivery.objects.filter(state="delivered").count()


def bare(number: int) -> dict[str, float]:
    """The same request and the same number of one-row commits, with nothing between: requests and psycopg."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(settings.DATABASE_URL, dbname=name, autocommit=True) as database:
        database.execute("CREATE TABLE IF NOT EXISTS bare_rows (id bigserial PRIMARY KEY, content bytea)")
        content, session = os.urandom(600), requests.Session()
        session.auth = (KEY, "")
        began = time.monotonic()
        for each in range(number):
            for _ in range(COMMITS):
                database.execute("INSERT INTO bare_rows (content) VALUES (%s)", [content])
            answer = session.post(
                f"{settings.INBOX_HEALTH_BASE_URL}/patients", json=_patient(each), timeout=10
            )
            answer.raise_for_status()
        return {"handled": number, "seconds": time.monotonic() - began}


def _patient(number: int) -> dict[str, Any]:
    enterprise = Enterprise.objects.exclude(remote_id=None).first() if number == 0 else None
    _patient.parent = enterprise.remote_id if enterprise else _patient.parent  # type: ignore[attr-defined]
    return {
        "patient": {
            "enterprise_id": _patient.parent,  # type: ignore[attr-defined]
            "first_name": f"Ada{number}",
            "last_name": "Byron of nobody",
            "date_of_birth": "1979-10-26",
            "sex": "Female",
            "health_record_id": f"bare-{number}",
            "cell_phone": "(203) 555-0101",
            "billing_status": "complete",
            "removed": False,
        }
    }


def fsync() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        return str(cursor.fetchone()[0])


def delivered() -> int:
    """Patients that are there."""
    return Delivery.objects.filter(state="delivered", noun="patient").count()


def waiting() -> int:
    return Delivery.objects.filter(lane="bulk", state__in=Delivery.DUE).count()


def batch_seconds() -> float:
    """From the last batch's start to the moment when the last of it was settled."""
    job = Job.objects.latest("pk")
    last = Delivery.objects.filter(batch=job).aggregate(last=Max("settled_at"))["last"]
    return float((last - job.started_at).total_seconds())


def push_each(name: str, every: float) -> None:
    """Push one patient after the other by hand, as staff do."""
    for patient in Patient.objects.filter(enterprise__name=name).order_by("pk"):
        request_push(Context(actor="user:ola", origin="console"), patient)
        time.sleep(every)
    time.sleep(3)


def waits(name: str) -> list[float]:
    """Seconds from each push by hand to its request."""
    asked = Delivery.objects.filter(enterprise__name=name, noun="patient", lane="interactive")
    began = dict(asked.values_list("pk", "created_at"))
    sent = Exchange.objects.filter(delivery__in=list(began)).values_list("delivery", "started_at")
    return [(at - began[delivery]).total_seconds() for delivery, at in sent]


def ring_bulk() -> None:
    """What the sweep does, where no schedule runs."""
    if claims.is_due("bulk"):
        ring_lane("bulk", settings.DELIVERY_SENDERS)


TIMED = (deliver, bare, fsync, delivered, waiting, batch_seconds, push_each, waits, ring_bulk)
