"""A worker that is killed in the middle of a pass: the next goes on where it stood, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from partnerportal.audit.models import Exchange
from partnerportal.jobs.models import Job
from partnerportal.records.models import Patient
from partnerportal.sync.models import PullPart
from tests.cast import Stage, make_enterprise, make_patient
from tests.journeys.yard import Services
from tests.sync.scene import edit, through, tie

PROJECT = Path(__file__).resolve().parents[2]


def work(stage: Stage, point: str) -> int:
    """`manage.py pull --full --wait` in a process of its own, which dies at the point; its exit status."""
    services = Services.of_the_tests()
    environment = {
        **services.environment(services.source),
        "REDIS_URL": services.redis,
        "INBOX_HEALTH_BASE_URL": stage.sandbox.base_url,
        "INBOX_HEALTH_RATE": "10000",
        "INBOX_HEALTH_BURST": "10000",
        "DELIVERY_LEASE": "2",
        "PORTAL_CRASH_POINT": point,
    }
    command = [sys.executable, str(PROJECT / "manage.py"), "pull", "--full", "--wait", "--skip-checks"]
    return subprocess.run(
        command, env=environment, cwd=PROJECT, timeout=120, check=False, capture_output=True
    ).returncode


@pytest.mark.parametrize("point", ["list_read:19", "list_tied:24"])
def test_the_next_worker_goes_on_at_the_page_where_it_died(stage: Stage, settings: Any, point: str) -> None:
    settings.DELIVERY_LEASE = 2.0
    stage.sandbox.assume(per_page_max="25", sort_updated_at="ignored", sort_desc="ignored")
    elm = make_enterprise()
    tie(stage, elm)
    rows = [make_patient(elm) for _ in range(100)]
    tie(stage, *rows)
    for row in (rows[0], rows[60], rows[99]):
        edit(stage, row, city="Springfield")
    assert work(stage, point) == -9
    part = PullPart.objects.get(noun="patient")
    assert part.state == PullPart.State.WAITING and 1 < part.page < 4
    job = Job.objects.get(kind=Job.Kind.PULL)
    through(job.pull)
    job.refresh_from_db()
    assert (job.state, job.report["read"] >= 101, job.report["lists_not_read"]) == (Job.State.DONE, True, 0)
    changed = Patient.objects.filter(city="Springfield")
    assert {row.pk for row in changed} == {rows[0].pk, rows[60].pk, rows[99].pk}
    first_pages = Exchange.objects.filter(operation="enterprises.patients").count()
    assert first_pages <= 2 + 4 + 1  # two short cuts that prove nothing, four pages, one read twice
