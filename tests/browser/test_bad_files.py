"""Files that go wrong, and the five clicks of one that goes right: each ends with a person who knows what
happened and what to do.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Locator, Page, expect

from partnerportal.accounts.models import ApiKey
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.cast import Stage, make_enterprise, make_patient
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
HEADINGS = ["MRN", "Last", "First", "DOB", "Sex", "ZIP", "State"]
COUNT_CLICKS = "addEventListener('pointerdown', () => countClick(), true)"


@pytest.fixture
def enterprise(stage: Stage) -> Enterprise:
    return make_enterprise("Elm Street Family Medicine")


@pytest.fixture
def day(stage: Stage, enterprise: Enterprise, page: Page, live_server: Any) -> Page:
    """The operator in a browser, at the list of patients."""
    ApiKey.objects.update(owner=stage.operator)
    value = signed_in(stage.operator).cookies[django_settings.SESSION_COOKIE_NAME].value
    cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(live_server.url + "/records/patient/")
    return page


def rows(number: int) -> list[list[str]]:
    return [
        [str(n), f"Byron{n}", "Ada", f"1979-10-{1 + n % 28:02}", "F", "01013", "MA"]
        for n in range(1, number + 1)
    ]


def written(path: Path, lines: list[list[str]]) -> Path:
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([HEADINGS, *lines])
    return path


def pick(page: Page, door: Locator, path: Path) -> None:
    """Through the system's own dialog, as a person does."""
    with page.expect_file_chooser() as dialog:
        door.click()
    dialog.value.set_files(path)


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_wrong_enterprises_file_is_imported_and_undone(day: Page, tmp_path: Path) -> None:
    wrong = make_enterprise("Oak Street Clinic")
    there = make_patient(
        wrong, health_record_id="2", first_name="Bo", last_name="Ray", date_of_birth=date(1990, 2, 3)
    )
    path = written(tmp_path / "elm.csv", rows(4))
    day.get_by_role("link", name="Import a file").first.click()
    day.get_by_text("Oak Street Clinic").click()
    pick(day, day.locator(".drop"), path)
    expect(day.get_by_role("link", name="Changed")).to_be_visible()  # the first sign that something is off
    day.get_by_role("button", name="Import 4 patients").click()
    expect(day.get_by_role("heading", level=1)).to_have_text("Patients imported")
    day.get_by_role("link", name="Undo this import…").click()
    expect(day.locator(".confirm")).to_contain_text("3 patients made by it go from here")
    expect(day.locator(".confirm")).to_contain_text("Nothing of it was sent")
    day.get_by_role("button", name="Undo import").click()

    told = day.locator("main")
    expect(told).to_contain_text(
        "3 patients it made are gone from Oak Street Clinic, 1 record it changed is as it was. "
        "Nothing of it was sent to Inbox Health."
    )
    expect(told).to_contain_text("the right one for another enterprise? Choose both again")
    clean(day)
    assert Patient.objects.get() == there
    assert Patient.objects.get().last_name == "Ray"

    day.get_by_role("link", name="Choose another file").click()
    expect(day.locator("input[name=enterprise]:checked")).to_have_count(0)  # the wrong one is not preset
    day.get_by_text("Elm Street Family Medicine").click()
    pick(day, day.locator(".drop"), path)
    day.get_by_role("button", name="Import 4 patients").click()
    expect(day.get_by_role("button", name="Review push of 4…")).to_be_visible()
    assert Patient.objects.filter(enterprise__name="Elm Street Family Medicine").count() == 4


def test_three_bad_rows_among_a_hundred(day: Page, tmp_path: Path) -> None:
    lines = rows(100)
    lines[16][3] = "1987-13-02"  # line 18 of the file: the headings are line 1
    lines[40][1] = ""
    lines[88][4] = "Q"
    day.get_by_role("link", name="Import a file").first.click()
    pick(day, day.locator(".drop"), written(tmp_path / "hundred.csv", lines))
    expect(day.locator("#line-18")).to_contain_text("“1987-13-02” is no date")
    expect(day.locator("#line-18 .remedy")).to_have_text("write 1987-02-13")
    for line, heading in ((42, "Last"), (90, "Sex")):
        expect(day.locator(f"#line-{line} code").first).to_have_text(heading)
        expect(day.locator(f"#line-{line} .remedy").first).to_be_visible()
    clean(day)
    with day.expect_download() as download:
        day.get_by_role("button", name="Download the 3 rows").click()
    day.get_by_role("button", name="Import 97 patients").click()
    expect(day.locator(".pill").get_by_text("Imported, 3 left out")).to_be_visible()
    expect(day.locator("#line-18 .remedy")).to_have_text("write 1987-02-13")
    clean(day)
    assert Patient.objects.count() == 97

    pick_mended(day, Path(download.value.path()), tmp_path / "mended.csv")
    day.get_by_role("button", name="Import 3 patients").click()
    expect(day.get_by_role("button", name="Review push of 3…")).to_be_visible()
    assert Patient.objects.count() == 100
    assert Patient.objects.get(health_record_id="17").date_of_birth == date(1987, 2, 13)


def pick_mended(page: Page, downloaded: Path, path: Path) -> None:
    """The downloaded rows, each cell mended as its reason says, and chosen again as they are."""
    with downloaded.open(newline="") as source:
        found = list(csv.DictReader(source))
    assert [row["Line"] for row in found] == ["18", "42", "90"]
    assert "write 1987-02-13" in found[0]["What is wrong"]
    found[0]["DOB"], found[1]["Last"] = "1987-02-13", "Byron41"
    found[2]["Sex"] = "F"
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Files").click()
    page.get_by_role("link", name="Import a file").first.click()
    pick(page, page.locator(".drop"), path)


def test_a_file_is_imported_and_pushed_in_five_clicks(
    stage: Stage, day: Page, live_server: Any, tmp_path: Path
) -> None:
    clicks: list[None] = []
    day.expose_function("countClick", lambda: clicks.append(None))
    day.add_init_script(COUNT_CLICKS)
    day.goto(live_server.url + "/records/patient/")
    day.get_by_role("link", name="Import a file").first.click()
    pick(day, day.locator(".drop"), written(tmp_path / "elm.csv", rows(12)))
    day.get_by_role("button", name="Import 12 patients").click()
    day.get_by_role("button", name="Review push of 12…").click()
    day.get_by_role("button", name="Push 12 patients").click()
    day.wait_for_url(re.compile(r"/sending/batches/\d+/$"))
    stage.run(until=lambda: Job.objects.get(kind="push").state == "done")
    expect(day.locator(".batch-progress")).to_contain_text("12 of 12 settled", timeout=10_000)
    assert len(clicks) == 5
    assert len(stage.there()) == 12
