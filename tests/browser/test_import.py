"""A file from the desk to the plan of its push, in a browser; clicks counted, keyboard and axe included."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from partnerportal.accounts.models import Staff
from partnerportal.records.models import Enterprise, Import, Patient
from tests.console.cast import ed, north, operator, signed_in, south

__all__ = ["ed", "north", "operator", "south"]
SAMPLE = Path("partnerportal/records/imports/sample/patients.csv").resolve()
BAD = """MRN,First,Last,DOB,Cell
12345,Ed,Edison,1987-10-07,2035550199
8,Ed,Edison,1987-10-07,
9,Bo,Ray,1987-13-02,
10,Cy,Fox,1990-02-03,
"""
SHOTS = os.environ.get("SHOTS", "")
Go = Callable[[str], Page]


@pytest.fixture
def go(page: Page, live_server: Any, operator: Staff) -> Go:
    """Open a path, signed in as the operator. The sign-in page has its own tests."""
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


def test_the_sample_file_is_imported_and_its_push_reviewed_in_four_clicks(
    go: Go, north: Enterprise, live_server: Any
) -> None:
    page = go("/records/patient/")
    page.get_by_role("link", name="Import a file").first.click()
    page.locator("input[type=file]").set_input_files(SAMPLE)  # the second: the system's own dialog
    page.get_by_role("button", name="Import 300 patients").click()
    page.get_by_role("button", name="Review push of 300…").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("300")
    assert Patient.objects.filter(enterprise=north).count() == 300


def test_choosing_the_file_before_the_enterprise_waits_for_it(
    go: Go, north: Enterprise, south: Enterprise
) -> None:
    page = go("/files/import/")
    look(page, "choose")
    page.locator("input[type=file]").set_input_files(SAMPLE)
    expect(page.get_by_text("Choose the enterprise, and the file goes up.")).to_be_visible()
    page.get_by_text("South Clinic").click()
    expect(page.get_by_role("button", name="Import 300 patients")).to_be_visible()
    assert Import.objects.get().enterprise == south
    look(page, "check-300")


def test_every_kind_of_row_is_told_and_decided(go: Go, ed: Patient, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(BAD)
    page = go("/files/import/")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("write 1987-02-13")).to_be_visible()
    look(page, "not-valid")
    page.get_by_role("link", name="Maybe already here").click()
    look(page, "maybe")
    page.get_by_role("button", name="Someone else").click()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    page.get_by_role("link", name="Changed").click()
    expect(page.get_by_text("(203) 555-0199")).to_be_visible()
    look(page, "changed")
    with page.expect_download() as download:
        page.get_by_role("link", name="Not valid").click()
        page.get_by_role("button", name="Download the 1 row").click()
    assert "1987-13-02" in Path(download.value.path()).read_text()
    page.get_by_role("button", name="Import 3 patients").click()
    expect(page.get_by_text("1 left out")).to_be_visible()
    look(page, "result")
    page.get_by_role("link", name="Undo this import…").click()
    look(page, "undo")
    page.get_by_role("button", name="Undo import").click()
    expect(page.locator("main")).to_contain_text(
        "2 patients it made are gone from North Clinic, 1 record it changed is as it was."
    )
    assert Patient.objects.get() == ed
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Files").click()
    look(page, "files")


def test_a_wrong_file_says_what_it_is_and_what_works(go: Go, north: Enterprise, tmp_path: Path) -> None:
    path = tmp_path / "list.pdf.csv"
    path.write_bytes(b"%PDF-1.7")
    page = go("/files/import/")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("alert")).to_contain_text("This is a PDF. Export it as CSV or XLSX.")
    look(page, "refused")


def test_unusual_headings_are_mapped_by_hand(go: Go, north: Enterprise, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nr;Vorname;Nachname;Geboren\n1;Zoë;Núñez;26.10.1979\n")
    page = go("/files/import/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("link", name="say which column is which").click()
    page.get_by_label("Last name").select_option("Nachname")
    page.get_by_label("First name").select_option("Vorname")
    page.get_by_label("Date of birth").select_option("Geboren")
    look(page, "columns")
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Import 1 patient").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("imported")
    assert Patient.objects.get().date_of_birth.isoformat() == "1979-10-26"
