"""Days that go wrong, with the real engine and sandbox: each ends with a person who knows what happened
and what to do.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from partnerportal.accounts.models import ApiKey
from partnerportal.delivery.models import Brake
from partnerportal.delivery.plans import confirm_plan, make_plan
from partnerportal.delivery.services import request_push
from partnerportal.jobs.models import Job, Notice
from partnerportal.records.models import Enterprise, Patient
from tests.cast import Stage, make_enterprise, make_patient
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(stage: Stage, page: Page, live_server: Any) -> Page:
    """The operator in a browser, with an enterprise that is there already and a key of their own."""
    ApiKey.objects.update(owner=stage.operator)
    request_push(stage.context, make_enterprise())
    stage.run()
    value = signed_in(stage.operator).cookies[django_settings.SESSION_COOKIE_NAME].value
    cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(live_server.url + "/records/patient/")
    return page


def people(number: int) -> None:
    enterprise = Enterprise.objects.get()
    for _ in range(number):
        make_patient(enterprise)


def started(stage: Stage) -> Job:
    return confirm_plan(make_plan(stage.operator, "patient", Patient.objects.all()), stage.context)


def test_a_key_is_revoked_in_the_middle_of_a_batch(stage: Stage, day: Page, live_server: Any) -> None:
    people(6)
    stage.sandbox.fault(kind="refuse_key", operation="patients.create", after=3)
    job = started(stage)
    stage.run(until=lambda: Notice.objects.filter(kind="key_refused").exists())
    day.goto(f"{live_server.url}/sending/batches/{job.pk}/")
    expect(day.locator(".batch-progress")).to_contain_text(
        re.compile(r"3 deliveries wait: Inbox Health refused key .* Nothing is lost\..*Replace the key")
    )
    expect(day.locator(".stopped")).to_contain_text("Sending is stopped")
    day.locator(".stopped").get_by_role("link", name="Replace the key").click()
    stage.sandbox.admin("DELETE", "faults")
    another = stage.sandbox.admin("POST", "keys", {"account": "main"})["api_key"]
    day.get_by_label("API key", exact=True).fill(another)
    day.get_by_role("button", name="Test and save").click()
    expect(day.get_by_text("3 deliveries that waited go out on")).to_be_visible()
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == "done")
    day.goto(f"{live_server.url}/sending/batches/{job.pk}/")
    expect(day.locator(".batch-progress")).to_contain_text("6 of 6 settled")
    expect(day.locator(".stopped")).to_have_count(0)
    day.locator(".bell > summary").click()
    expect(day.locator(".bell-panel")).to_contain_text("is done: all 6 delivered.")
    assert len(stage.there()) == 6


def test_a_batch_is_cancelled_half_way(stage: Stage, day: Page, live_server: Any) -> None:
    people(8)
    day.goto(live_server.url + "/records/patient/")
    day.get_by_role("button", name=re.compile("^Push all")).click()
    day.get_by_label("5 first, the rest when I say so").check()
    day.get_by_role("button", name="Push 8 patients").click()
    day.wait_for_url(re.compile(r"/sending/batches/\d+/$"))
    stage.run(until=lambda: Job.objects.get(kind="push").state == "paused")
    expect(day.get_by_role("button", name="Send the other 3")).to_be_visible(timeout=8000)
    expect(day.locator(".batch-progress")).to_contain_text("The first 5 are settled. 3 wait for your word.")
    day.get_by_role("link", name="Cancel 3…").click()
    expect(day.locator(".confirm")).to_contain_text(
        "3 are not sent yet and stay here. 5 already sent stay at Inbox Health."
    )
    day.get_by_role("button", name="Cancel 3").click()
    expect(day.get_by_text("3 records taken back. What was sent stays there.")).to_be_visible()
    stage.run()
    expect(day.locator(".batch-progress")).to_contain_text("Cancelled")
    assert len(stage.there()) == 5
    assert Patient.objects.filter(sync_state="not_sent").count() == 3


def test_inbox_health_is_down_for_a_while(stage: Stage, day: Page, live_server: Any) -> None:
    people(23)
    stage.settings.DELIVERY_PROBE_SECONDS = 0.3
    stage.sandbox.fault(kind="500_before")
    job = started(stage)
    stage.run(until=lambda: Brake.objects.filter(released_at=None).exists())
    day.goto(f"{live_server.url}/sending/batches/{job.pk}/")
    expect(day.locator(".stopped")).to_contain_text("Inbox Health failed 20 times running on key")
    expect(day.locator(".stopped")).to_contain_text("sending goes on by itself when it answers")
    stage.sandbox.admin("DELETE", "faults")
    stage.run(seconds=60, until=lambda: Job.objects.get(pk=job.pk).state == "done")
    day.goto(f"{live_server.url}/sending/batches/{job.pk}/")
    expect(day.locator(".batch-progress")).to_contain_text("23 of 23 settled")
    expect(day.locator(".stopped")).to_have_count(0)
    day.locator(".bell > summary").click()
    for said in ("Sending is stopped", "Inbox Health answers again", "is done: all 23 delivered."):
        expect(day.locator(".bell-panel")).to_contain_text(said)
    day.goto(f"{live_server.url}/needs/")
    expect(day.locator("main")).to_contain_text("Nothing needs you.")
    assert len(stage.there()) == 23


def test_one_field_refused_over_and_over_pauses_the_batch_and_says_why(
    stage: Stage, day: Page, live_server: Any
) -> None:
    people(25)
    stage.sandbox.fault(kind="refuse", attribute="zip", operation="patients.create")
    job = started(stage)
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == "paused")
    day.goto(f"{live_server.url}/sending/batches/{job.pk}/")
    expect(day.locator(".batch-progress")).to_contain_text(
        "20 times running, one cause. Inbox Health refused the ZIP."
    )
    expect(day.get_by_role("link", name="Fix 20…")).to_be_visible()
    stage.sandbox.admin("DELETE", "faults")
    day.get_by_role("button", name="Go on").click()
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == "done")
    day.goto(f"{live_server.url}/sending/batches/{job.pk}/")
    expect(day.locator(".batch-progress")).to_contain_text("Done, 20 failed")
