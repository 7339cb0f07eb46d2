"""Acts that are timed: the engine as one sender, and a bare loop beside which its pace is judged."""

from __future__ import annotations

import cProfile
import os
import pstats
import resource
import time
from pathlib import Path
from typing import Any

import psycopg
import requests
from django.conf import settings
from django.db import connection

from partnerportal.delivery import engine
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Enterprise
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
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"],
        dbname=known["NAME"], autocommit=True,
    ) as database:  # fmt: skip
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


def memory() -> float:
    """Megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def fsync() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        return str(cursor.fetchone()[0])


TIMED = (deliver, bare, memory, fsync)
