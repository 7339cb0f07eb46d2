"""Sending and audit as a person with a browser meets them: clicks counted, progress live, axe clean.

SCREENSHOTS=folder keeps a picture of each page, light, dark and at 390 px.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.delivery.plans import make_plan
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.audit import rows
from tests.console.cast import person, signed_in
from tests.console.sending import scene

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390)}


class Stage:
    """One enterprise: a batch under way, an undecided create, a refusal, and what the audit says of them."""

    def __init__(self) -> None:
        scene.service_key()
        self.staff = person("demo", "operator", "administrator")
        self.north = Enterprise.objects.create(name="North Clinic", state="MA", zip="01013")
        self.people = [scene.patient(self.north, number) for number in range(8)]
        self.job = scene.batch(self.north, 8, staff_id=self.staff.pk)
        for patient in self.people[:4]:
            scene.attempt(self._deliver(patient, "delivered"), "accepted", "accepted")
        self.refused = self._refuse(self.people[4])
        for patient in self.people[5:]:
            self._deliver(patient, "pending")
        self.ed = scene.patient(self.north, 90, first_name="Ed", last_name="Edison")
        near, far = {"id": 669, "zip": "06510"}, {"id": 670, "differs": ["last_name"], "last_name": "Edisson"}
        self.undecided = scene.undecided(self.ed, near, far)
        self.exchange = self._exchange()
        self.plan = self._plan()

    def _deliver(self, patient: Patient, state: str, **fields: Any) -> Delivery:
        return scene.delivery(patient, state, batch=self.job, lane="bulk", **fields)

    def _refuse(self, patient: Patient) -> Delivery:
        made = self._deliver(
            patient, "failed", reason="validation", cause_key="validation:zip",
            needs_person_since=timezone.now(), detail={"errors": {"zip": ["is invalid"]}},
        )  # fmt: skip
        scene.attempt(made, "rejected", "validation")
        return made

    def _exchange(self) -> int:
        about = {"record": self.ed.record_name, "patient": self.ed.pk, "enterprise": self.north.pk}
        body = {"patient": {"first_name": "Ed", "last_name": "Edison", "ssn": "801-31-3292", "zip": "06510"}}
        entries.write("patient_pushed", Context("user:demo", "console", **about), {"delivery": "DL-88"})
        sent = rows.exchange(body, **about, delivery=self.undecided.pk)
        rows.answer(sent, {"patient": {"id": 669, **body["patient"]}})
        return sent.pk

    def _plan(self) -> Plan:
        fresh = [scene.patient(self.north, number) for number in range(40, 44)]
        changed = scene.patient(self.north, 60, remote_id=900, city="Boston")
        changed.acknowledged = {
            name: {"sent": v, "answered": v} for name, v in changed.wire.values(changed).items()
        }
        changed.city = "Chicopee"
        changed.save()
        wrong = scene.patient(self.north, 61, zip="bad")
        chosen = Patient.objects.filter(pk__in=[p.pk for p in (*fresh, changed, wrong)])
        return make_plan(self.staff, "patient", chosen, title="Push 6 patients")

    def pages(self) -> dict[str, str]:
        return {
            "plan": f"/push/plans/{self.plan.pk}/",
            "plan-update": f"/push/plans/{self.plan.pk}/?tab=update",
            "batches": "/sending/batches/",
            "batch": f"/sending/batches/{self.job.pk}/",
            "batch-cancel": f"/sending/batches/{self.job.pk}/cancel/",
            "deliveries": "/sending/deliveries/",
            "delivery-failed": f"/sending/deliveries/{self.refused.pk}/",
            "delivery-undecided": f"/sending/deliveries/{self.undecided.pk}/",
            "decide": f"/sending/deliveries/{self.undecided.pk}/decide/",
            "exchanges": "/audit/exchanges/",
            "exchanges-filtered": "/audit/exchanges/?outcome=accepted&origin=console",
            "exchange": f"/audit/exchanges/{self.exchange}/",
            "entries": "/audit/entries/",
            "story": f"/records/patient/{self.ed.pk}/story/",
        }


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return Stage()


@pytest.fixture
def said(page: Page) -> list[str]:
    """What the browser's console complains about: a broken policy, a missing file, a script's error."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def enter(page: Page, live_server: Any) -> Callable[[Staff], Page]:
    """Signs in without the sign-in page, which has tests of its own."""

    def sign_in(staff: Staff) -> Page:
        value = signed_in(staff).cookies[django_settings.SESSION_COOKIE_NAME].value
        cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    return sign_in


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_clean_for_axe_and_keeps_to_its_width(
    stage: Stage, enter: Any, live_server: Any, said: list[str], look: str
) -> None:
    page = enter(stage.staff)
    scheme, width = LOOKS[look]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    wrong = {}
    for name, path in stage.pages().items():
        page.goto(live_server.url + path)
        _keep(page, name, look)
        found = Axe().run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        if found or wide:
            wrong[name] = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] + ["wide"] * wide
    assert wrong == {}
    assert said == []


def _keep(page: Page, name: str, look: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}-{look}.png"), full_page=True)


def test_confirming_a_plan_leads_to_its_batch(stage: Stage, enter: Any, live_server: Any) -> None:
    page = enter(stage.staff)
    page.goto(live_server.url + stage.pages()["plan"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Push 6 patients to Inbox Health")
    page.get_by_role("button", name="Push 5 patients").click()
    expect(page).to_have_url(re.compile(r"/sending/batches/\d+/$"))
    expect(page.get_by_role("progressbar", name="Settled")).to_have_attribute("aria-valuenow", "0")


def test_what_is_sent_opens_by_keyboard_and_can_be_copied(stage: Stage, enter: Any, live_server: Any) -> None:
    page = enter(stage.staff)
    page.goto(live_server.url + stage.pages()["plan"])
    page.locator("summary", has_text="What is sent").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("pre.raw").first).to_contain_text('"last_name": "Family040"')
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy").first).to_be_focused()


def test_progress_moves_by_itself_is_spoken_at_a_quarter_and_ends(
    stage: Stage, enter: Any, live_server: Any, said: list[str]
) -> None:
    page = enter(stage.staff)
    page.goto(live_server.url + stage.pages()["batch"])
    bar = page.get_by_role("progressbar", name="Settled")
    expect(bar).to_have_attribute("aria-valuenow", "5")
    Delivery.objects.filter(batch=stage.job, state="pending").update(
        state="delivered", settled_at=timezone.now()
    )
    Job.objects.filter(pk=stage.job.pk).update(state="done", finished_at=timezone.now())
    expect(bar).to_have_attribute("aria-valuenow", "8", timeout=6000)
    expect(page.locator("[data-spoken]")).to_have_text(re.compile("^Done, 1 failed: 8 of 8 settled"))
    expect(page.get_by_role("link", name="Cancel…")).to_have_count(0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2600)
    assert asked == [] and said == []


def test_polling_leaves_the_place_of_whoever_is_in_the_table(
    stage: Stage, enter: Any, live_server: Any
) -> None:
    page = enter(stage.staff)
    page.goto(live_server.url + stage.pages()["batch"])
    page.locator("[data-rows] .main a").first.focus()
    Delivery.objects.filter(batch=stage.job, state="pending").update(
        state="cancelled", settled_at=timezone.now()
    )
    expect(page.get_by_role("progressbar", name="Settled")).to_have_attribute(
        "aria-valuenow", "8", timeout=6000
    )
    expect(page.locator("[data-rows] .main a").first).to_be_focused()


def test_cancelling_asks_first_with_the_focus_on_the_safe_button(
    stage: Stage, enter: Any, live_server: Any
) -> None:
    page = enter(stage.staff)
    page.goto(live_server.url + stage.pages()["batch"])
    page.get_by_role("link", name="Cancel…").click()
    expect(page.get_by_role("link", name="Keep sending")).to_be_focused()
    page.get_by_role("button", name="Cancel 3").click()
    expect(page.get_by_role("status").filter(has_text="3 records taken back.")).to_be_visible()


def test_an_undecided_create_is_settled_in_two_clicks(stage: Stage, enter: Any, live_server: Any) -> None:
    page = enter(stage.staff)
    page.goto(live_server.url + stage.pages()["delivery-undecided"])
    page.get_by_role("link", name="Decide…").click()
    page.get_by_role("button", name="It is this one, 669").click()
    expect(page.get_by_role("status").filter(has_text="Tied to IH 669.")).to_be_visible()
    assert Patient.objects.get(pk=stage.ed.pk).remote_id == 669


def test_an_auditor_reads_an_exchange_and_its_raw_body(stage: Stage, enter: Any, live_server: Any) -> None:
    page = enter(person("audra", "auditor"))
    page.goto(live_server.url + "/audit/exchanges/")
    page.get_by_role("link", name=f"X-{stage.exchange}", exact=True).click()
    expect(page.locator(".lead")).to_contain_text("in 212 ms")
    page.locator("summary", has_text="Raw").first.click()
    expect(page.locator("pre.raw").first).to_contain_text("•••-••-3292")
    assert "801-31" not in page.content()
