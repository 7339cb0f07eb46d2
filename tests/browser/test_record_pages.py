"""The record pages in a browser: axe in both themes, the keyboard, what must never stand in an address."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from partnerportal.audit.models import Entry
from partnerportal.records.models import Doctor, Enterprise, Patient, Practice
from tests.console.cast import person, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def north(page: Page, live_server: Any) -> Enterprise:
    """A signed-in operator, an enterprise with one of each, and 60 patients."""
    client = signed_in(person("olivia", "operator"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.set_default_timeout(10_000)
    north: Enterprise = Enterprise.objects.create(name="North Clinic", state="MA", allow_ssn=True)
    Practice.objects.create(enterprise=north, name="Main office")
    Doctor.objects.create(enterprise=north, first_name="Lena", last_name="Okafor", npi="1234567890")
    for i in range(60):
        Patient.objects.create(
            enterprise=north, first_name=f"N{i:02}", last_name="Kim", zip="1" if i == 3 else ""
        )
    return north


@pytest.fixture
def ed(north: Enterprise) -> Patient:
    return Patient.objects.create(enterprise=north, first_name="Ed", last_name="Edison", ssn="801-31-3292")


def addresses(ed: Patient) -> list[str]:
    parts = {
        "patient": ["", "?q=zzz", *[f"{ed.pk}/{part}/" for part in ("change", "edit", "link", "delete")]],
        "enterprise": ["", "add/", *[f"{ed.enterprise_id}/{p}/" for p in ("change", "patients", "story")]],
        "doctor": ["", f"{Doctor.objects.get().pk}/change/"],
    }
    return [f"/records/{noun}/{rest}" for noun, some in parts.items() for rest in some]


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(
    page: Page, live_server: Any, ed: Patient, theme: Any
) -> None:
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for address in addresses(ed):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server.url + address)
        found = Axe().run(page).response["violations"]
        wrong += [f"{address}: {v['id']} {v['nodes'][0]['target']}" for v in found]
        page.set_viewport_size({"width": 390, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wrong.append(f"{address} is wider than 390 px")
    assert wrong == []


def test_rows_are_ticked_and_pushed_by_keyboard_alone(
    page: Page, live_server: Any, north: Enterprise
) -> None:
    page.goto(f"{live_server.url}/records/patient/")
    push = page.get_by_role("button", name="Push selected…")
    expect(push).to_have_attribute("aria-disabled", "true")
    push.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/records/patient/")
    first = page.get_by_role("checkbox", name="Select P-").first
    first.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-selected]")).to_have_text("1 selected")
    expect(push).to_have_attribute("aria-disabled", "false")
    push.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/push/plans/*/")
    expect(page.get_by_role("button", name="Push 1 patient")).to_be_visible()


def test_ticking_the_page_offers_all_that_match(page: Page, live_server: Any, north: Enterprise) -> None:
    page.goto(f"{live_server.url}/records/patient/?q=kim")
    page.get_by_role("checkbox", name="Select all on this page").check()
    expect(page.locator("[data-selected]")).to_have_text("50 selected")
    page.get_by_role("button", name="Select all 60 that match").click()
    expect(page.locator("[data-selected]")).to_have_text("All 60 that match selected")
    page.get_by_role("button", name="Push selected…").click()
    page.wait_for_url("**/push/plans/*/")
    expect(page.get_by_role("button", name="Push 59 patients")).to_be_visible()


def test_search_and_filters_work_by_keyboard(page: Page, live_server: Any, ed: Patient) -> None:
    page.goto(f"{live_server.url}/records/patient/")
    page.keyboard.press("/")
    page.keyboard.type("edison")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=edison**")
    expect(page.get_by_role("link", name="Edison, Ed")).to_be_visible()
    page.get_by_role("link", name="Drop “edison”").press("Enter")
    page.get_by_label("State").select_option("not_valid")
    page.wait_for_url("**state=not_valid**")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_menus_open_by_keyboard_and_esc_gives_the_focus_back(
    page: Page, live_server: Any, ed: Patient
) -> None:
    page.goto(f"{live_server.url}/records/patient/{ed.pk}/change/")
    more = page.locator(".top summary", has_text="More")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Link to an existing record…")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Link to an existing record…")).to_be_hidden()
    expect(more).to_be_focused()


def test_an_ssn_typed_into_the_search_never_stands_in_an_address(
    page: Page, live_server: Any, ed: Patient
) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(f"{live_server.url}/records/patient/")
    page.locator("[data-list-search]").fill("801-31-3292")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/records/patient/{ed.pk}/change/")
    assert not [url for url in seen if "801" in url]


def test_an_ssn_is_revealed_for_thirty_seconds_and_recorded(
    page: Page, live_server: Any, ed: Patient
) -> None:
    page.clock.install()
    page.goto(f"{live_server.url}/records/patient/{ed.pk}/change/")
    shown = page.locator("[data-masked]")
    expect(shown).to_have_text("•••-••-3292")
    page.get_by_role("button", name="Reveal").click()
    expect(shown).to_have_text("801-31-3292")
    page.clock.fast_forward(30_500)
    expect(shown).to_have_text("•••-••-3292")
    assert Entry.objects.filter(action="ssn_revealed", patient=ed.pk).count() == 1


def test_after_a_failed_save_the_focus_is_on_what_is_wrong(page: Page, live_server: Any, ed: Patient) -> None:
    page.goto(f"{live_server.url}/records/patient/{ed.pk}/edit/")
    page.get_by_label("Date of birth").fill("1987-13-02")
    page.get_by_label("City").fill("Holyoke")
    page.keyboard.press("Control+Enter")
    summary = page.get_by_role("alert").filter(has_text="Not saved yet")
    expect(summary).to_be_focused()
    expect(page.get_by_label("City")).to_have_value("Holyoke")
    summary.get_by_role("link", name="Date of birth").click()
    expect(page.get_by_label("Date of birth")).to_be_focused()


def test_an_enterprise_takes_as_many_practices_as_are_added(
    page: Page, live_server: Any, north: Enterprise
) -> None:
    page.goto(f"{live_server.url}/records/enterprise/add/")
    page.locator("#id_name").fill("West Clinic")
    page.get_by_label("Practice name").fill("Main")
    page.get_by_role("button", name="Add another practice").click()
    page.keyboard.type("Annex")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/change/")
    west = Enterprise.objects.get(name="West Clinic")
    assert sorted(west.practices.values_list("name", flat=True)) == ["Annex", "Main"]


def test_the_theme_is_chosen_in_the_user_menu_and_stays(
    page: Page, live_server: Any, north: Enterprise
) -> None:
    page.goto(f"{live_server.url}/records/enterprise/")
    page.locator(".side-user summary").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_class("dark")
