"""A balance assigned in a browser: four clicks, the sum as it is typed, the agreement on the same page.

SCREENSHOTS=folder keeps a picture of each page, light, dark and at 390 px.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from partnerportal.records.billing import Charge, Taken
from partnerportal.records.models import Invoice, Patient
from tests.cast import Stage
from tests.console.cast import signed_in
from tests.money.accounts import agreed, billed_patient, push, visit

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390)}


@pytest.fixture
def ada(stage: Stage, page: Page, live_server: Any) -> Patient:
    """A patient who is at Inbox Health already, and an operator signed in."""
    cookie = signed_in(stage.operator).cookies[django_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.set_default_timeout(15_000)
    ada = billed_patient(last_name="Lovelace", email="ada@example.com")
    push(stage, ada)
    return ada


def type_line(page: Page, number: int, **typed: str) -> None:
    row = page.locator("[data-lines] [data-line]").nth(number)
    for part, text in typed.items():
        row.locator(f'[data-part="{part}"]').fill(text)


def test_a_balance_is_assigned_in_four_clicks_and_agreed_on_the_same_page(
    page: Page, live_server: Any, stage: Stage, ada: Patient
) -> None:
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("link", name="Patients", exact=True).click()
    page.get_by_role("link", name="Lovelace, Ada").click()
    page.get_by_role("link", name="Assign a balance").click()
    type_line(page, 0, code="99213", description="Office visit", each="$100.00", covered="10")
    expect(page.locator("[data-outcome]")).to_have_text("Ada Lovelace will owe $90.00")
    expect(page.locator("[data-formula]")).to_have_text(
        "$100.00 charged − $10.00 covered − $0.00 insurance − $0.00 taken"
    )
    page.get_by_role("button", name="Save and push").click()
    expect(page.locator("[data-verdict]")).to_contain_text("On its way")
    stage.run()
    expect(page.locator("[data-verdict]")).to_contain_text("Inbox Health agrees: $90.00.")
    expect(page.locator("tr.sum")).to_contain_text("$90.00")
    assert agreed(stage, ada) == 9_000


def test_the_sum_follows_lines_added_and_dropped_and_what_was_taken(
    page: Page, live_server: Any, ada: Patient
) -> None:
    page.goto(f"{live_server.url}/records/patient/{ada.pk}/assign/")
    type_line(page, 0, description="Office visit", each="1,234.5", tax=".5")
    page.get_by_role("button", name="Add line").click()
    type_line(page, 1, description="Strip", each="0.29", quantity="3")
    expect(page.locator("[data-outcome]")).to_have_text("Ada Lovelace will owe $1,235.87")
    page.get_by_label("Paid by").select_option("check")
    page.get_by_label("Amount", exact=True).fill("35.87")
    expect(page.locator("[data-outcome]")).to_have_text("Ada Lovelace will owe $1,200.00")
    type_line(page, 1, insurance="0.10")
    expect(page.locator("[data-notes]")).to_contain_text("Waits for insurance: adds $0.00 until it has paid.")
    page.get_by_role("button", name="Remove line 2").click()
    expect(page.locator("[data-outcome]")).to_have_text("Ada Lovelace will owe $1,199.13")
    page.locator('[data-part="each"]').press("Enter")  # Enter keeps, and never drops a line
    page.wait_for_url("**/balance/")
    assert Invoice.objects.get().lines.count() == 1
    ada.refresh_from_db()
    assert ada.balance_cents == 119_913


def test_what_is_sent_is_shown_before_it_is_saved_and_follows_the_typing(
    page: Page, live_server: Any, ada: Patient
) -> None:
    page.goto(f"{live_server.url}/records/patient/{ada.pk}/assign/")
    page.get_by_text("What is sent").click()
    expect(page.locator("[data-bodies-place]")).to_contain_text("Nothing can be sent as it stands")
    type_line(page, 0, description="Office visit", each="100")
    expect(page.locator("[data-bodies-place] pre").first).to_contain_text(
        '"total_charge_amount_cents": 10000'
    )
    assert not Invoice.objects.exists()


def test_what_waits_for_insurance_adds_nothing_until_its_line_says_that_it_owes_no_more(
    page: Page, live_server: Any, stage: Stage, ada: Patient
) -> None:
    page.goto(f"{live_server.url}/records/patient/{ada.pk}/assign/")
    type_line(page, 0, description="Surgery", each="1400", insurance="600")
    expect(page.locator("[data-outcome]")).to_have_text("Ada Lovelace will owe $0.00")
    page.get_by_role("button", name="Save and push").click()
    page.wait_for_url("**/balance/")
    stage.run()
    expect(page.locator("[data-verdict]")).to_contain_text("Inbox Health agrees: $0.00.")
    expect(page.locator("main")).to_contain_text("Wait for insurance, not counted")
    page.locator("section tbody a", has_text="I-").click()
    page.get_by_role("link", name=re.compile("^Edit LI-")).click()
    page.get_by_label("Insurance still owes").fill("0")
    page.get_by_role("button", name="Save and push").click()
    page.wait_for_url("**/change/")
    stage.run()
    assert agreed(stage, ada) == 140_000


def test_a_line_added_later_and_a_line_deleted_are_agreed(
    page: Page, live_server: Any, stage: Stage, ada: Patient
) -> None:
    invoice = visit(ada, Charge("Office visit", 10_000, covered=1_000))
    push(stage, invoice)
    page.goto(f"{live_server.url}/records/invoice/{invoice.pk}/change/")
    page.get_by_role("link", name="Add line").first.click()
    page.get_by_label("Description").fill("X-ray")
    page.get_by_label("Charge each").fill("75")
    page.get_by_role("button", name="Save and push").click()
    page.wait_for_url("**/change/")
    stage.run()
    assert agreed(stage, ada) == 16_500
    page.reload()
    page.get_by_role("link", name=re.compile("^Delete… LI-")).first.click()
    expect(page.locator("main")).to_contain_text("Ada Lovelace owes $75.00 instead of $165.00.")
    page.get_by_role("button", name=re.compile("^Delete LI-")).click()
    page.wait_for_url("**/change/")
    stage.run()
    assert agreed(stage, ada) == 7_500


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(
    page: Page, live_server: Any, stage: Stage, ada: Patient, look: str
) -> None:
    invoice = visit(ada, Charge("Office visit", 10_000, covered=1_000), taken=[Taken(2_000, "check")])
    visit(ada, Charge("Surgery", 140_000, insurance_owed=60_000))
    push(stage, invoice)
    theme, width = LOOKS[look]
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 1000})
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    for name, address in _pages(ada, invoice).items():
        page.goto(live_server.url + address)
        _keep(page, name, look)
        wrong += [
            f"{name}: {v['id']} {v['nodes'][0]['target']}" for v in Axe().run(page).response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{name} is wider than {width} px")
    assert wrong == []


def _pages(ada: Patient, invoice: Invoice) -> dict[str, str]:
    patient = f"/records/patient/{ada.pk}"
    return {
        "assign": f"{patient}/assign/",
        "balance": f"{patient}/balance/",
        "patient": f"{patient}/change/",
        "patients": "/records/patient/",
        "invoices": "/records/invoice/",
        "invoice": f"/records/invoice/{invoice.pk}/change/",
        "invoice-edit": f"/records/invoice/{invoice.pk}/edit/",
        "invoice-delete": f"/records/invoice/{invoice.pk}/delete/",
        "invoice-email": f"/records/invoice/{invoice.pk}/e-mail/",
        "invoice-story": f"/records/invoice/{invoice.pk}/story/",
        "line-edit": f"/records/line_item/{invoice.lines.get().pk}/edit/",
    }


def _keep(page: Page, name: str, look: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{re.sub('[^a-z-]', '', name)}-{look}.png"), full_page=True)
