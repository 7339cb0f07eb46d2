"""Differences in a browser, beside a real sandbox: a conflict is made and decided, an enterprise adopted."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from partnerportal.records.models import Doctor, Enterprise, Patient
from partnerportal.records.state import SyncState
from partnerportal.sync import pulling
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.console.cast import signed_in
from tests.sync.scene import delete, edit, make, pull, tie

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def go(page: Page, live_server: Any, stage: Stage) -> Any:
    cookie = signed_in(stage.operator).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.set_default_timeout(10_000)

    def open_path(path: str) -> Page:
        page.goto(f"{live_server.url}{path}")
        return page

    return open_path


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
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-390.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name} is wider than a phone"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.documentElement.classList.remove('dark')")


def scene(stage: Stage) -> Patient:
    """An enterprise in sync; of one patient two fields were changed on both sides."""
    elm = make_enterprise()
    tie(stage, elm)
    ada, bob = make_patient(elm, city="Chicopee"), make_patient(elm, city="Chicopee")
    hal = Doctor(enterprise=elm, first_name="Hal", last_name="House")
    hal.save()
    annex = make_practice(elm, "Annex")
    tie(stage, annex, ada, bob, hal)
    make(stage, "patients", enterprise_id=elm.remote_id, first_name="Zoe", last_name="Zander", city="Boston")
    delete(stage, hal)
    delete(stage, annex)
    bob.zip = "02101"
    bob.save()
    ada.city, ada.cell_phone = "Boston", "(203) 555-0199"
    ada.save()
    edit(stage, ada, city="Springfield", cell_phone="203-555-0177")
    pull(stage)
    ada.refresh_from_db()
    return ada


def test_a_conflict_is_found_and_decided_and_what_stays_ours_goes_out(go: Any, stage: Stage) -> None:
    ada = scene(stage)
    page = go("/needs/")
    page.get_by_role("link", name=re.compile("Decide.*to different values")).click()
    expect(page.get_by_role("heading", name="Which value stays?")).to_be_visible()
    look(page, "conflict")
    page.get_by_label("City: keep ours").check()
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose which value stays.")
    look(page, "conflict-wrong")
    page.get_by_label("Cell phone: take theirs").check()
    page.get_by_label("Why").fill("She called on Monday")
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="1 field kept as ours")).to_be_visible()
    stage.run()
    ada.refresh_from_db()
    assert (ada.city, ada.cell_phone, ada.sync_state) == ("Boston", "(203) 555-0177", SyncState.IN_SYNC)
    there = next(r for r in stage.there() if r["id"] == ada.remote_id)
    assert there["city"] == "Boston"


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
def test_each_tab_is_clean_in_both_themes_and_on_a_phone(go: Any, stage: Stage) -> None:
    scene(stage)
    for tab in ("conflicts", "fields", "missing", "only-there", "not-read"):
        look(go(f"/differences/?tab={tab}"), f"differences-{tab}")
    page = go("/differences/?tab=fields&noun=patient")
    page.get_by_role("checkbox", name="Select P-").first.check()
    page.get_by_role("button", name="Take theirs…").click()
    expect(page.get_by_role("heading", name="Take theirs for 1 patient?")).to_be_visible()
    look(page, "take")
    page = go("/differences/?tab=missing")
    page.get_by_role("link", name="What to do").first.click()
    look(page, "missing")
    page = go("/differences/?tab=only-there&noun=patient")
    page.get_by_role("link", name="Bring in…").click()
    look(page, "only-there-one")
    page.get_by_role("button", name="Bring in IH").click()
    expect(page.get_by_role("status").filter(has_text="is P-")).to_be_visible()


def test_an_enterprise_that_was_there_first_is_adopted(go: Any, stage: Stage) -> None:
    oak = make(stage, "enterprises", name="Oak Street Clinic", city="Boston", state="MA")
    for number in range(5):
        make(
            stage, "patients", enterprise_id=oak["id"], first_name="Ada", last_name=f"Byron{number}",
            health_record_id=f"C-{number}",
        )  # fmt: skip
    page = go("/differences/")
    page.get_by_role("button", name="Read everything now").click()
    expect(page.get_by_role("heading", name="Read everything")).to_be_visible()
    look(page, "pull-running")
    pulling.drive(10.0)
    expect(page.get_by_role("link", name="Look at differences")).to_be_visible(timeout=15_000)
    page.get_by_role("link", name="Look at differences").click()
    page.get_by_role("link", name="Only there").click()
    page.get_by_role("link", name="Adopt…").click()
    look(page, "adopt")
    page.get_by_role("button", name="Adopt IH").click()
    expect(page.get_by_role("heading", name="Adopt Oak Street Clinic")).to_be_visible()
    pulling.drive(10.0)
    expect(page.get_by_role("link", name="Go to the enterprise")).to_be_visible(timeout=15_000)
    look(page, "pull-done")
    elm = Enterprise.objects.get(remote_id=oak["id"])
    assert Patient.objects.filter(enterprise=elm, sync_state=SyncState.IN_SYNC).count() == 5
    page.get_by_role("link", name="Go to the enterprise").click()
    expect(page.get_by_role("heading", name="Oak Street Clinic")).to_be_visible()


def test_payments_made_there_are_handed_out_for_posting(go: Any, stage: Stage) -> None:
    ada = scene(stage)
    for cents in (2_500, 1_050):
        make(
            stage, "payments", patient_id=ada.remote_id, expected_amount_cents=cents,
            payment_method_type="card", apply_payment=False,
        )  # fmt: skip
    pull(stage)
    page = go("/payments/received/")
    expect(page.get_by_text("2 payments, $35.50, not posted yet")).to_be_visible()
    look(page, "received")
    page.get_by_role("button", name="Export 2 for posting").click()
    look(page, "posting")
    with page.expect_download() as got:
        page.get_by_role("button", name="Download").click()
    assert got.value.suggested_filename.startswith("posting-")
    look(go("/payments/received/"), "received-done")
