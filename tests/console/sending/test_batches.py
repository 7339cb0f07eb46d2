"""Batches: how far each is, what failed and why, and taking back what is not sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery, Heartbeat
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise
from tests.console.cast import signed_in
from tests.console.sending import scene


@pytest.fixture
def job(north: Enterprise) -> Job:
    """Two delivered, two failed for one cause, one undecided, three not sent."""
    made = scene.batch(north, 8)
    states = ["delivered"] * 2 + ["failed"] * 2 + ["pending"] * 3
    for number, state in enumerate(states):
        cause = {"cause_key": "validation:zip", "reason": "validation"} if state == "failed" else {}
        scene.delivery(scene.patient(north, number), state, batch=made, lane="bulk", **cause)
    waits = scene.undecided(scene.patient(north, 90), {"id": 700, "differs": ["zip"]})
    Delivery.objects.filter(pk=waits.pk).update(batch=made)
    return made


def page(staff: Staff, job: Job, query: str = "", **headers: str) -> str:
    answer = signed_in(staff).get(f"/sending/batches/{job.pk}/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_progress_counts_and_causes_are_on_the_page(operator: Staff, job: Job) -> None:
    shown = page(operator, job)
    assert "4 of 8 settled" in shown
    assert 'role="progressbar"' in shown and 'aria-valuenow="4"' in shown
    assert "2 × Inbox Health refused the ZIP" in shown


def test_the_script_gets_only_what_changes(operator: Staff, job: Job) -> None:
    part = page(operator, job, **{"X-Portal-Poll": "1"})
    assert "<html" not in part and "data-progress" in part and "data-rows" in part


def test_polling_is_no_activity_and_no_entry(operator: Staff, job: Job) -> None:
    client = signed_in(operator)
    client.get(f"/sending/batches/{job.pk}/")
    before = client.session["last_activity"], Entry.objects.count()
    client.get(f"/sending/batches/{job.pk}/", headers={"X-Portal-Poll": "1"})
    assert (client.session["last_activity"], Entry.objects.count()) == before


def test_tabs_narrow_its_deliveries(operator: Staff, job: Job) -> None:
    assert page(operator, job, "?tab=failed").count('class="main"') == 2
    assert page(operator, job, "?tab=open").count('class="main"') == 3
    assert page(operator, job).count('class="main"') == 8


def test_a_batch_that_has_ended_is_not_polled_and_offers_no_cancel(
    operator: Staff, north: Enterprise
) -> None:
    done = scene.batch(north, 1, state="done")
    scene.delivery(scene.patient(north, 1), "delivered", batch=done)
    shown = page(operator, done)
    assert "data-ended" in shown and "Cancel…" not in shown and ">Done<" in shown


def test_cancelling_says_first_what_will_happen(operator: Staff, job: Job) -> None:
    asked = signed_in(operator).get(f"/sending/batches/{job.pk}/cancel/").content.decode()
    assert (
        "3 are not sent yet and stay here. 2 already sent stay at Inbox Health. 1 in flight will finish."
        in asked
    )
    assert "Keep sending" in asked and "Cancel 3<" in asked
    assert Delivery.objects.filter(state="cancelled").count() == 0


def test_cancelling_takes_back_only_what_is_not_sent(operator: Staff, job: Job) -> None:
    answer = signed_in(operator).post(f"/sending/batches/{job.pk}/cancel/", follow=True)
    assert "3 records taken back." in answer.content.decode()
    states = list(Delivery.objects.order_by("state").values_list("state", flat=True))
    assert states == ["cancelled"] * 3 + ["delivered"] * 2 + ["failed"] * 2 + ["unknown"]
    assert Entry.objects.get(action="batch_cancelled").record == f"batch:{job.short_id}"


def test_an_auditor_reads_it_and_can_cancel_nothing(auditor: Staff, job: Job) -> None:
    assert "Cancel…" not in page(auditor, job)
    assert signed_in(auditor).post(f"/sending/batches/{job.pk}/cancel/").status_code == 403


def test_a_foreign_enterprises_batch_is_not_there(outsider: Staff, job: Job, south: Enterprise) -> None:
    outsider.scope.create(enterprise=south)
    client = signed_in(outsider)
    assert client.get(f"/sending/batches/{job.pk}/").status_code == 404
    assert client.post(f"/sending/batches/{job.pk}/cancel/").status_code == 404
    assert job.short_id not in client.get("/sending/batches/").content.decode()


def test_the_list_shows_each_with_its_state(operator: Staff, job: Job) -> None:
    shown = signed_in(operator).get("/sending/batches/").content.decode()
    assert (
        "Push 8 patients" in shown and "North Clinic" in shown and "4 of 8" in shown and ">Running<" in shown
    )


def test_the_list_without_any_says_what_to_do(operator: Staff) -> None:
    assert "No batch yet." in signed_in(operator).get("/sending/batches/").content.decode()


def test_a_silent_worker_is_said_and_a_living_one_is_not(operator: Staff, job: Job) -> None:
    old = timezone.now() - timedelta(minutes=3)
    Job.objects.filter(pk=job.pk).update(started_at=old)
    assert "The worker is silent since" in page(operator, job)
    beat = Heartbeat.objects.create(name="sweep@here:1", seen_at=timezone.now())
    assert "The worker is silent" not in page(operator, job)
    Heartbeat.objects.filter(pk=beat.pk).update(seen_at=timezone.now() - timedelta(seconds=61))
    assert "Nothing is lost; it goes on by itself." in page(operator, job)
