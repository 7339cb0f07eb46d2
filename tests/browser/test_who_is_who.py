"""Who is who, onboarding and files out in a browser: clicks counted, axe in both themes, a phone's width."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.models import Entry
from partnerportal.records.models import Enterprise, Export, Joined, OnboardingNote, Patient
from tests.console.cast import ed, north, operator, person, signed_in, south

__all__ = ["ed", "north", "operator", "south"]
pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")
Go = Callable[[str], Page]


def sign_in(page: Page, staff: Staff, url: str) -> None:
    cookie = signed_in(staff).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


@pytest.fixture
def go(page: Page, live_server: Any, operator: Staff) -> Go:
    sign_in(page, operator, live_server.url)
    page.set_default_timeout(10_000)

    def open_path(path: str) -> Page:
        page.goto(f"{live_server.url}{path}")
        return page

    return open_path


@pytest.fixture
def key(operator: Staff) -> ApiKey:
    return ApiKey.objects.create(key="k", fingerprint="3f9a…c2", state="working", is_service=True)


@pytest.fixture
def twin(ed: Patient) -> Patient:
    Patient.objects.filter(pk=ed.pk).update(remote_id=669)
    found: Patient = Patient.objects.create(
        enterprise=ed.enterprise, first_name="Ed", last_name="Edison", date_of_birth=date(1987, 10, 7),
        health_record_id="0012-345", email="ed@example.com",
    )  # fmt: skip
    return found


def look(page: Page, name: str) -> None:
    """axe in both themes and the width of a phone; with SHOTS set, pictures of all three."""
    page.wait_for_load_state()
    page.wait_for_load_state()  # a click on a link is over before its page is
    for theme in ("light", "dark"):
        page.evaluate("t => document.documentElement.classList.toggle('dark', t === 'dark')", theme)
        page.wait_for_timeout(250)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{theme}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name} is wider than a phone"
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-390.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.documentElement.classList.remove('dark')")


def test_is_this_patient_there_is_one_click_after_the_search(go: Go, ed: Patient) -> None:
    Patient.objects.filter(pk=ed.pk).update(remote_id=669, sync_state="in_sync")
    page = go("/records/patient/")
    page.get_by_label("Name, date of birth").fill("Edison")
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name="Edison")
    expect(row).to_contain_text("In sync")  # no click: the state stands in the result row
    expect(row).to_contain_text("IH 669")
    row.get_by_role("link", name="Edison").click()  # 1
    expect(page.locator(".standing")).to_contain_text("In sync")
    expect(page.locator(".band")).to_contain_text("669")


def test_two_are_compared_and_joined(go: Go, ed: Patient, twin: Patient, key: ApiKey) -> None:
    page = go(f"/records/enterprise/{ed.enterprise_id}/duplicates/")
    look(page, "duplicates")
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_label("E-mail: take over")).to_be_checked()
    look(page, "compare")
    page.get_by_role("button", name=f"Join P-{twin.pk} into P-{ed.pk}").click()
    expect(page.get_by_text(f"P-{twin.pk} is joined into P-{ed.pk}.")).to_be_visible()
    look(page, "survivor")
    assert Joined.objects.get().survivor_id == ed.pk
    go(f"/records/patient/{twin.pk}/change/")
    expect(page.get_by_text("that one is kept")).to_be_visible()
    look(page, "surplus")
    go(f"/records/enterprise/{ed.enterprise_id}/duplicates/")
    expect(page.get_by_text("Nobody seems to be here twice")).to_be_visible()


def test_a_list_is_taken_out_and_downloaded(go: Go, ed: Patient, south: Enterprise, tmp_path: Path) -> None:
    Patient.objects.create(enterprise=south, last_name="South", first_name="=2+2")
    page = go("/records/patient/")
    page.get_by_role("checkbox", name=f"Select P-{ed.pk}").check()
    page.get_by_role("button", name="Export…").click()
    expect(page.get_by_role("button", name="Export 1 patient")).to_be_visible()
    go("/records/patient/")
    page.get_by_role("button", name="Export…").click()
    look(page, "export-choose")
    page.get_by_label("Excel").check()
    page.get_by_role("button", name="Export 2 patients").click()
    expect(page.get_by_text("2 patients written")).to_be_visible()
    look(page, "export")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download").click()
    export = Export.objects.get()
    assert coming.value.suggested_filename == f"patients-J-{export.pk}.xlsx"
    saved = tmp_path / "out.xlsx"
    coming.value.save_as(saved)
    assert saved.stat().st_size == export.size
    assert Entry.objects.filter(action="export_downloaded").count() == 1
    go("/files/exports/")
    look(page, "exports")
    page.get_by_role("link", name="Imports").click()
    look(page, "files")


def test_onboarding_leads_step_by_step(go: Go, ed: Patient) -> None:
    north = ed.enterprise
    page = go("/records/enterprise/")
    look(page, "enterprises")
    page.get_by_role("link", name="1 of 8 done. Next: Sent to Inbox Health").click()
    look(page, "onboarding")
    page.get_by_label("A note").fill("Waits for the lawyer.")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Waits for the lawyer.")).to_be_visible()
    assert OnboardingNote.objects.count() == 1
    page.get_by_role("combobox", name="Who looks after this onboarding").select_option(label="olivia")
    page.locator("form", has=page.get_by_role("combobox")).get_by_role("button", name="Save").click()
    Enterprise.objects.filter(pk=north.pk).update(remote_id=1)
    Patient.objects.filter(pk=ed.pk).update(remote_id=669)
    page.reload()
    page.get_by_role("button", name="It is right there").click()
    expect(page.get_by_text("By olivia")).to_be_visible()
    look(page, "onboarding-later")


def test_chart_numbers_and_ids_are_two_clicks_from_the_enterprise(go: Go, ed: Patient) -> None:
    page = go(f"/records/enterprise/{ed.enterprise_id}/onboarding/")
    page.get_by_role("button", name="Export chart numbers and ids…").click()
    expect(page.get_by_label("Ids only")).to_be_checked()
    page.get_by_role("button", name="Export 1 patient").click()
    expect(page.get_by_text("1 patient written")).to_be_visible()
    assert Export.objects.get().shape == "ids"


def test_what_another_does_shows_on_the_open_form_and_both_edits_stay(
    go: Go, browser: Browser, live_server: Any, ed: Patient
) -> None:
    page = go(f"/records/patient/{ed.pk}/edit/")
    page.get_by_label("City").fill("Holyoke")
    theirs = browser.new_page()
    sign_in(theirs, person("anna", "operator"), live_server.url)
    theirs.goto(f"{live_server.url}/records/patient/{ed.pk}/edit/")
    theirs.get_by_label("Language").fill("English")
    theirs.get_by_role("button", name="Save", exact=True).click()
    theirs.wait_for_url("**/change/")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("anna changed language")).to_be_visible()
    look(page, "form-meanwhile")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("While you edited, anna changed language. Both are kept.")).to_be_visible()
    theirs.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(theirs.get_by_text("olivia changed city")).to_be_visible()
    theirs.close()
    ed.refresh_from_db()
    assert (ed.city, ed.language) == ("Holyoke", "English")


def test_the_vendors_name_shows_on_hover_and_on_focus(go: Go, ed: Patient) -> None:
    page = go(f"/records/patient/{ed.pk}/change/")
    label = page.locator(".vendor", has_text="Chart no.").first
    label.focus()
    shown = "getComputedStyle(document.activeElement, '::after').content"
    assert page.evaluate(shown) == '"health_record_id"'
    go(f"/records/patient/{ed.pk}/edit/")
    page.get_by_label("Chart no.").focus()
    expect(page.get_by_text("At Inbox Health: health_record_id")).to_be_visible()
    assert "id_health_record_id-vendor" in str(
        page.get_by_label("Chart no.").get_attribute("aria-describedby")
    )
