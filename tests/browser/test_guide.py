"""The guide and the checklist in a browser: the buttons lead to the step, the search finds, both themes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from partnerportal.accounts.models import Staff
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.clock import db_now
from partnerportal.records.models import Doctor, Enterprise, Patient, Practice
from tests.cast import make_key, make_patient
from tests.console.cast import person, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(transactional_db: None) -> Staff:
    return person("demo", "operator", "administrator")


@pytest.fixture
def home(page: Page, live_server: Any, demo: Staff) -> str:
    session = signed_in(demo).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.set_default_timeout(10_000)
    return str(live_server.url)


@pytest.fixture
def clinic(transactional_db: None) -> Enterprise:
    return Enterprise.objects.create(name="North Clinic", state="MA", zip="01013")


def test_the_checklist_leads_from_one_step_to_the_next(page: Page, home: str, demo: Staff) -> None:
    page.goto(f"{home}/account/")
    steps = page.get_by_role("region", name="Onboarding").or_(page.locator("#onboarding"))
    expect(steps.first.get_by_text("0 of 6 done. Next: API key")).to_be_visible()
    steps.first.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Connect")

    make_key(owner=demo)
    page.goto(f"{home}/account/")
    page.locator("#onboarding").get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("enterprise")

    clinic = Enterprise.objects.create(name="North Clinic", state="MA", zip="01013", remote_id=1)
    page.goto(f"{home}/account/")
    expect(page.get_by_text("2 of 6 done. Next: Practices and doctors")).to_be_visible()
    Practice.objects.create(enterprise=clinic, name="Main", remote_id=2)
    Doctor.objects.create(enterprise=clinic, first_name="Helen", last_name="Okafor", remote_id=3)
    page.reload()
    page.locator("#onboarding").get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import a file")


def test_any_open_step_can_be_taken_out_of_turn(page: Page, home: str, clinic: Enterprise) -> None:
    page.goto(f"{home}/account/")
    page.locator("#onboarding").get_by_role("link", name="Webhooks").click()
    expect(page).to_have_url(f"{home}/endpoints/add/")


def test_the_checklist_is_put_away_and_brought_back(page: Page, home: str) -> None:
    page.goto(f"{home}/account/")
    page.get_by_role("button", name="Put away the onboarding checklist").click()
    expect(page.locator("#onboarding")).to_have_count(0)
    page.reload()
    expect(page.locator("#onboarding")).to_have_count(0)
    page.get_by_role("button", name="Show the onboarding checklist").click()
    expect(page.locator("#onboarding")).to_be_visible()


@pytest.mark.parametrize(
    ("chapter", "state", "button", "leads_to"),
    [
        (
            "Onboarding new clients",
            "You have 1 enterprise, not yet pushed.",
            "Push the enterprise",
            "North",
        ),
        ("Creating patients", "You have no patient yet.", "Import patients", "Import a file"),
        ("Subscribing to webhooks", "You have no endpoint yet.", "Register an endpoint", "endpoint"),
        ("Authentication and keys", "There is no key for you yet", "Generate a sandbox key", "Connect"),
    ],
)
def test_each_chapter_has_the_readers_state_and_the_button_for_the_step(
    page: Page, home: str, clinic: Enterprise, chapter: str, state: str, button: str, leads_to: str
) -> None:
    page.goto(f"{home}/guide/")
    page.get_by_role("main").get_by_role("heading", name=chapter).get_by_role("link").click()
    expect(page.get_by_text(state)).to_be_visible()
    page.get_by_role("banner").get_by_role("link", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(leads_to)


def test_a_balance_begins_at_the_form_of_someone_who_is_there(
    page: Page, home: str, clinic: Enterprise
) -> None:
    Patient.objects.filter(pk=make_patient(clinic).pk).update(remote_id=4)
    page.goto(f"{home}/guide/assigning-balances/")
    page.get_by_role("banner").get_by_role("link", name="Assign a balance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assign a balance")


def test_the_search_works_by_keyboard_and_leads_to_the_heading(page: Page, home: str) -> None:
    page.goto(f"{home}/guide/")
    page.keyboard.press("/")
    page.keyboard.type("sent twice")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Can something be sent twice?").click()
    expect(page.locator("h3:target")).to_have_text("Can something be sent twice?")


def test_a_failed_delivery_leads_to_its_entry_and_the_entry_to_where_one_goes_on(
    page: Page, home: str, clinic: Enterprise
) -> None:
    patient: Patient = make_patient(clinic)
    failed = Delivery.objects.create(
        noun="patient", record_id=patient.pk, enterprise=clinic, key=make_key(), lane="bulk",
        actor="user:demo", origin="console", state="failed", reason="validation",
        cause_key="validation:zip", needs_person_since=db_now(), settled_at=db_now(),
    )  # fmt: skip
    page.goto(f"{home}/sending/deliveries/{failed.pk}/")
    page.get_by_role("link", name="What this means").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox Health refused a field")
    page.get_by_role("link", name="Go to Needs you").click()
    expect(page.get_by_role("link", name="Fix 1…")).to_be_visible()


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_guide_fits_a_phone_and_axe_finds_nothing(
    page: Page, home: str, clinic: Enterprise, theme: Any
) -> None:
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for name in (
        "guide/", "guide/?q=key", "guide/?q=nothing+like+this", "guide/onboarding-new-clients/",
        "guide/faqs/", "guide/errors/", "guide/errors/no-answer/", "account/",
    ):  # fmt: skip
        page.goto(f"{home}/{name}")
        wrong += looked_at(page, name, theme)
    assert wrong == []


def looked_at(page: Page, name: str, theme: str) -> list[str]:
    """What axe finds, and whether a phone has to scroll sideways. SHOTS names a folder for pictures."""
    wrong = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        wrong += [f"{name} {width}: {v['id']} {v['nodes'][0]['target']}" for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{name} is wider than {width} px")
        if folder := os.environ.get("SHOTS"):
            file = f"{name.replace('/', '_').replace('?', '')}-{theme}-{width}.png"
            page.screenshot(path=Path(folder) / file, full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong
