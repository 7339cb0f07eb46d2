"""A few hundred charges from the desk to the plan of their push, in a browser; axe in both themes."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from partnerportal.accounts.models import Staff
from partnerportal.records.imports.sample.charges import charges_csv
from partnerportal.records.models import Doctor, Enterprise, Invoice, Payment, Practice
from tests.cast import make_patient
from tests.console.cast import north, operator, signed_in

__all__ = ["north", "operator"]
SHOTS = os.environ.get("SHOTS", "")
PEOPLE = "Id\n" + "".join(f"chart-{n}\n" for n in range(120))
Go = Callable[[str], Page]


@pytest.fixture
def go(page: Page, live_server: Any, operator: Staff, north: Enterprise) -> Go:
    """Open a path, signed in; the enterprise has 120 patients, a practice and a doctor."""
    Practice(enterprise=north, name="Main office").save()
    Doctor(enterprise=north, first_name="Eve", last_name="Elmwood", npi="1234567893").save()
    for n in range(120):
        make_patient(north, health_record_id=f"chart-{n}")
    cookie = signed_in(operator).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )

    def open_path(path: str) -> Page:
        page.goto(f"{live_server.url}{path}")
        return page

    return open_path


def look(page: Page, name: str) -> None:
    """axe in both themes; with SHOTS set, pictures of them and at 390 px."""
    page.wait_for_load_state()  # a click on a link is over before its page is
    for theme in ("light", "dark"):
        page.evaluate("t => document.documentElement.classList.toggle('dark', t === 'dark')", theme)
        page.wait_for_timeout(250)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{theme}.png", full_page=True)
    if SHOTS:
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=f"{SHOTS}/{name}-390.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.documentElement.classList.remove('dark')")


def _with_doctor(content: str) -> str:
    """The same charges with a doctor that nothing here answers to, and one bad amount."""
    rows = list(csv.reader(io.StringIO(content)))
    for number, row in enumerate(rows):
        row.append("EE-7" if number else "Provider")
    rows[7][6] = "12.345"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_hundreds_of_charges_are_placed_imported_and_reviewed(
    go: Go, north: Enterprise, tmp_path: Path
) -> None:
    path = tmp_path / "charges.csv"
    path.write_text(_with_doctor(charges_csv(PEOPLE)))
    page = go("/files/import/?kind=charges")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("heading", name="1 name in the file to place")).to_be_visible()
    look(page, "charges-names")
    page.get_by_label("EE-7").select_option(label="Eve Elmwood · NPI 1234567893")
    page.get_by_role("button", name="Place and check again").click()
    expect(page.get_by_text("lines in 119 new invoices for 119 patients:")).to_be_visible()
    expect(page.get_by_text("“12.345” is no amount")).to_be_visible()
    look(page, "charges-checked")
    page.get_by_role("button", name="Import 119 invoices and 30 payments").click()
    expect(
        page.get_by_role("button", name="Review push of 119 invoices, 30 payments and 30 invoice payments…")
    ).to_be_visible()
    look(page, "charges-done")
    page.get_by_role(
        "button", name="Review push of 119 invoices, 30 payments and 30 invoice payments…"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("119 invoices")
    assert Invoice.objects.filter(enterprise=north, doctor__npi="1234567893").count() == 119
    assert Payment.objects.count() == 30
