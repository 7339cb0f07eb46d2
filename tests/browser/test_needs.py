"""A bad night as a person with a browser meets it: three clicks a cause, and every page clean for axe.

SCREENSHOTS=folder keeps a picture of each page, light, dark and at 390 px.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.delivery import asides, brakes
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.plans import make_plan
from partnerportal.jobs import notices
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import person, signed_in
from tests.console.sending import scene

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390)}
ZIPS = {"reason": "validation", "cause_key": "validation:zip", "detail": {"errors": {"zip": ["is invalid"]}}}


class Night:
    """Three refused ZIPs, two foreign enterprises, two undecided creates, a paused batch, one set aside."""

    def __init__(self) -> None:
        self.key = scene.service_key()
        self.staff = person("demo", "operator", "administrator")
        self.north = Enterprise.objects.create(name="North Clinic", state="MA", zip="01013")
        self.zips = [self.refused(n, **ZIPS) for n in range(3)]
        self.forbidden = [self.refused(n, reason="forbidden", cause_key="forbidden") for n in range(10, 12)]
        for number in (20, 21):
            scene.undecided(scene.patient(self.north, number), {"id": 660 + number, "zip": "06510"})
        pause = {"why": "cause", "cause": "validation:zip", "noun": "patient", "times": 20, "by": "schedule"}
        self.job = scene.batch(
            self.north, 30, state="paused", staff_id=self.staff.pk, report={"pause": pause}
        )
        Delivery.objects.filter(pk=self.zips[0].pk).update(batch=self.job)
        wrong = self.refused(30, reason="not_found", cause_key="not_found")
        asides.set_aside(scene.context(), Delivery.objects.filter(pk=wrong.pk), "The clinic asks first.")
        notices.tell(
            [self.staff.pk], "batch_paused", "x:1", "Batch B-7 is paused: 20 times running.", bad=True
        )
        notices.tell(
            [self.staff.pk], "batch_ended", "x:2", "Batch B-6 is done: all 40 delivered.", path="/B-6"
        )

    def refused(self, number: int, **fields: Any) -> Delivery:
        patient = scene.patient(self.north, number, zip="00000")
        return scene.delivery(patient, "failed", needs_person_since=timezone.now(), **fields)

    def pages(self) -> dict[str, str]:
        for number in range(50, 57):
            scene.patient(self.north, number, billing_status="billable" if number == 50 else "complete")
        chosen = Patient.objects.filter(health_record_id__startswith="C-5")
        plan = make_plan(self.staff, "patient", chosen, title="Push 7 patients")
        own = ApiKey.objects.create(key="o", fingerprint="aaaa…01", owner=self.staff, state="working")
        scene.delivery(scene.patient(self.north, 70), "pending", key=own)
        return {
            "needs": "/needs/",
            "needs-group": "/needs/group/?kind=failed&noun=patient&cause=validation:zip",
            "needs-fix": "/needs/fix/?kind=failed&noun=patient&cause=validation:zip",
            "needs-aside": "/needs/aside/",
            "notices": "/notices/",
            "brakes": "/sending/brakes/",
            "batch-paused": f"/sending/batches/{self.job.pk}/",
            "plan-first": f"/push/plans/{plan.pk}/",
            "key-revoke": f"/keys/{own.pk}/revoke/",
        }


class Clicks:
    """A page whose clicks are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def on(self, what: Locator) -> None:
        what.click()
        self.number += 1

    def link(self, name: str) -> None:
        self.on(self.page.get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.on(self.page.get_by_role("button", name=name).first)


@pytest.fixture
def night(transactional_db: None) -> Night:
    return Night()


@pytest.fixture
def enter(page: Page, live_server: Any) -> Any:
    def sign_in(staff: Staff) -> Page:
        value = signed_in(staff).cookies[django_settings.SESSION_COOKIE_NAME].value
        cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    return sign_in


@pytest.fixture
def clicks(night: Night, enter: Any, live_server: Any) -> Clicks:
    page = enter(night.staff)
    page.goto(live_server.url + "/account/")
    return Clicks(page)


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_clean_for_axe_and_keeps_to_its_width(
    night: Night, enter: Any, live_server: Any, look: str
) -> None:
    page, (scheme, width) = enter(night.staff), LOOKS[look]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    brakes.stop(scene.context(), "North pauses", Brake.Scope.ENTERPRISE, night.north.pk)
    wrong = {}
    for name, path in night.pages().items():
        page.goto(live_server.url + path)
        if name == "notices":
            page.locator(".bell > summary").click()
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}-{look}.png"), full_page=True)
        found = Axe().run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        if found or wide:
            wrong[name] = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] + ["wide"] * wide
    assert wrong == {}


def test_refused_fields_take_three_clicks(night: Night, clicks: Clicks) -> None:
    clicks.link("Needs you")
    clicks.link("Fix 3…")
    expect(clicks.page.locator(".fix-table input[type=text]")).to_have_count(3)
    for field in clicks.page.locator(".fix-table input[type=text]").all():
        field.fill("01013")
    clicks.button("Save and send 3 again")
    expect(clicks.page.get_by_text("3 patients saved, and on the way again.")).to_be_visible()
    assert clicks.number == 3
    assert Delivery.objects.filter(batch=Job.objects.latest("pk"), state="pending").count() == 3


def test_sending_again_takes_three_clicks(night: Night, clicks: Clicks) -> None:
    clicks.link("Needs you")
    clicks.button("Send 2 again…")
    clicks.button("Push 2 patients")
    expect(clicks.page.get_by_role("progressbar", name="Settled")).to_be_visible()
    assert clicks.number == 3


def test_an_undecided_create_takes_three_clicks_and_the_next_follows(night: Night, clicks: Clicks) -> None:
    clicks.link("Needs you")
    clicks.link("Decide 2…")
    clicks.button("It is this one, 680")
    expect(clicks.page.get_by_role("button", name="It is this one, 681")).to_be_visible()
    assert clicks.number == 3
    assert Patient.objects.get(health_record_id="C-20").remote_id == 680


def test_a_refused_key_takes_two_clicks_to_where_the_new_one_is_typed(
    night: Night, clicks: Clicks, live_server: Any
) -> None:
    scene.delivery(scene.patient(night.north, 40), "pending", reason="key_refused")
    ApiKey.objects.update(state="refused", refused_at=timezone.now())
    clicks.page.goto(live_server.url + "/needs/")
    expect(clicks.page.locator(".stopped")).to_contain_text("Inbox Health refused key")
    clicks.link("Replace the key")
    expect(clicks.page.get_by_role("button", name="Test and save")).to_be_visible()
    assert clicks.number == 1, "the second one tests and saves"


def test_opening_the_bell_counts_as_seen(night: Night, clicks: Clicks) -> None:
    page = clicks.page
    expect(page.locator(".bell .badge-red")).to_have_text("2")
    page.locator(".bell > summary").click()
    expect(page.locator(".bell .badge")).to_have_count(0)
    page.get_by_role("button", name="Batch B-7 is paused: 20 times running.").click()
    expect(page.locator(".bell .badge")).to_have_count(0)
