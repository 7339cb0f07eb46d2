"""Webhooks as an administrator with a browser meets them: registered, heard, seen, replayed; axe is clean.

SCREENSHOTS=folder keeps a picture of each page, light, dark and at 390 px.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from partnerportal.delivery.services import request_push
from partnerportal.records.models import Endpoint, Patient
from partnerportal.webhooks.models import Event
from partnerportal.webhooks.verification import book
from tests.cast import Stage, make_enterprise, make_patient
from tests.console.cast import person, signed_in
from tests.webhooks.late import late_event
from tests.webhooks.scene import Channel

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390)}


@pytest.fixture
def browser_page(page: Page, live_server: Any, stage: Stage, settings: Any) -> Page:
    """Signed in as someone who administers and operates; the sandbox reaches this very server."""
    settings.PUBLIC_URL = live_server.url
    book.forget()
    client = signed_in(person("demo", "operator", "administrator"))
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return page


def test_an_endpoint_is_registered_a_change_there_comes_in_and_is_seen_and_replayed(
    browser_page: Page, live_server: Any, stage: Stage
) -> None:
    page = browser_page
    page.goto(f"{live_server.url}/endpoints/")
    page.get_by_role("link", name="Register an endpoint…").first.click()
    page.get_by_label("doctor_updated").check()
    page.get_by_label("Other events").fill("moon_rose")
    page.get_by_role("button", name="Register the endpoint").click()
    expect(page.get_by_text("Being registered")).to_be_visible()
    stage.run()
    page.reload()
    expect(page.get_by_text("Active")).to_be_visible()
    channel = Channel(stage, Endpoint.objects.get())
    assert {"doctor_updated", "moon_rose"} <= set(channel.registered()[0]["registered_webhooks"])

    patient = make_patient(make_enterprise())
    request_push(stage.context, patient)
    stage.run()
    patient.refresh_from_db()
    channel.change_there(patient, city="Holyoke")
    channel.heard(lambda: Patient.objects.get().city == "Holyoke")

    page.goto(f"{live_server.url}/events/?tab=applied")
    page.get_by_role("link", name="patient_updated").click()
    expect(page.get_by_role("row", name=re.compile("City"))).to_contain_text("Holyoke")
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_text("Replayed: it is worked off again.")).to_be_visible()
    channel.heard(lambda: not Event.objects.filter(state="waiting").exists())
    page.reload()
    expect(page.get_by_text("It says what is known here already.")).to_be_visible()


def test_a_selection_of_events_is_replayed_by_ticks(
    browser_page: Page, live_server: Any, stage: Stage
) -> None:
    endpoint = Endpoint(registered_webhooks=["patient_updated"], remote_id=1)
    endpoint.save()
    for number in range(3):
        Event.objects.create(
            endpoint=endpoint, event_key=str(number), event_type="moon_rose", body="{}", signed_by="a",
            state="unknown_type",
        )  # fmt: skip
    page = browser_page
    page.goto(f"{live_server.url}/events/")
    replay = page.get_by_role("button", name="Replay selected")
    expect(replay).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Select EV-").first.check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    replay.click()
    expect(page.get_by_text("1 event replayed")).to_be_visible()
    assert Event.objects.filter(state="waiting").count() == 1


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
def test_the_pages_are_clean_for_axe_in_every_look(
    browser_page: Page, live_server: Any, stage: Stage
) -> None:
    endpoint = Endpoint(registered_webhooks=["patient_updated", "moon_rose"], remote_id=1)
    endpoint.save()
    event = Event.objects.create(
        endpoint=endpoint, event_key="1", event_type="patient_updated", noun="patient", object_id=5,
        body='{"id": 1}', signed_by="a", state="applied", changes={"city": {"was": None, "now": "Lee"}},
    )  # fmt: skip
    now = timezone.now()
    Endpoint.objects.update(suspect_since=now, suspect_reason="silent", checked_at=now, check_result="same")
    for minutes, came in ((95, 80), (61, 40), (50, None), (31, None)):
        late_event(endpoint, now - timedelta(minutes=minutes), came and now - timedelta(minutes=came))
    paths = {
        "needs": "/needs/",
        "endpoints": "/endpoints/",
        "endpoint": f"/endpoints/{endpoint.pk}/",
        "endpoint-add": "/endpoints/add/",
        "events": "/events/",
        "event": f"/events/{event.pk}/",
    }
    for name, path in paths.items():
        for look, (scheme, width) in LOOKS.items():
            browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            browser_page.set_viewport_size({"width": width, "height": 900})
            browser_page.goto(live_server.url + path)
            found = Axe().run(browser_page).response["violations"]
            assert found == [], (name, look, [one["id"] for one in found])
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, (name, look)
            if folder := os.environ.get("SCREENSHOTS"):
                browser_page.screenshot(path=Path(folder) / f"{name}-{look}.png", full_page=True)
