"""`make screenshots`: walks a demo of its own from the key to a balance and a webhook, taking the pictures.

The demo runs on free ports in a temporary folder and ends with the walk. Pictures: docs/images, 1280 px wide,
light. The walk fails where a page does not say what it should, so no picture shows a broken one.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from partnerportal.local.layout import PROJECT, Layout
from tests.browsing import QUIET, chromium
from tests.local.running_demo import Demo

IMAGES = PROJECT / "docs" / "images"
SAMPLE = PROJECT / "partnerportal" / "records" / "imports" / "sample" / "patients.csv"
PASSWORD = "a walk for the pictures"
CLINIC = "Quabbin Valley Medical Group"
Shot = Callable[[str], None]


def main() -> int:
    if chromium() is None:
        print("No Chromium found: the pictures are as they were.", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo() as running, browser() as page:
        page.goto(f"http://127.0.0.1:{running.port}/")
        walk(page, lambda name: picture(page, name))
    return 0


@contextmanager
def demo() -> Iterator[Demo]:
    """In a folder of its own, which goes with it."""
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as folder:
        Path(folder).chmod(0o711)  # ours, made this moment: PostgreSQL's user must be able to pass through
        running = Demo(Layout(Path(folder) / "var"), DEMO_PASSWORD=PASSWORD)
        try:
            running.wait_ready()
            yield running
        finally:
            running.end()


@contextmanager
def browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = program.new_page(
            viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce"
        )
        page.set_default_timeout(20_000)
        yield page
        program.close()


def picture(page: Page, name: str) -> None:
    """The window as it stands, without a cursor in a field."""
    page.evaluate("document.activeElement?.blur()")
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    print(f"docs/images/{name}.png")


def walk(page: Page, shot: Shot) -> None:
    """What README tells, in its order."""
    sign_in(page)
    shot("account")
    onboard(page)
    bring_patients(page, shot)
    assign_balance(page, shot)
    read_an_exchange(page, shot)
    subscribe(page)
    read_the_guide(page, shot)


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Account Settings")
    page.get_by_role("button", name="Generate a sandbox key").first.click()
    expect(page.locator("#key").get_by_text("Working")).to_be_visible()
    page.reload()


def onboard(page: Page) -> None:
    """An enterprise with its first practice, entered and not sent yet."""
    page.get_by_role("link", name="Enterprises", exact=True).click()
    page.get_by_role("link", name="Add enterprise").first.click()
    page.get_by_label("Name").first.fill(CLINIC)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(CLINIC)


def bring_patients(page: Page, shot: Shot) -> None:
    """A file of 300: checked, imported, previewed, pushed."""
    page.get_by_role("link", name="Patients", exact=True).first.click()
    page.get_by_role("link", name="Import a file").first.click()
    page.get_by_text(CLINIC).first.click()
    page.locator("input[type=file]").set_input_files(SAMPLE)
    expect(page.get_by_role("button", name="Import 300 patients")).to_be_visible()
    shot("import")
    page.get_by_role("button", name="Import 300 patients").click()
    page.get_by_role("button", name="Review push of 300…").click()
    expect(page.get_by_role("button", name="Push 300 patients")).to_be_visible()
    shot("preview")
    page.get_by_role("button", name="Push 300 patients").click()
    expect(page.get_by_text(re.compile("^(1[0-9]{2}|2[0-9]{2}) of 300 settled"))).to_be_visible()
    shot("batch")
    expect(page.get_by_text(re.compile("^300 of 300 settled"))).to_be_visible(timeout=120_000)


def assign_balance(page: Page, shot: Shot) -> None:
    """One visit of one patient, until both sides agree."""
    page.get_by_role("link", name="Patients", exact=True).first.click()
    page.get_by_role("main").locator("tbody .main a").first.click()
    page.get_by_role("link", name="Assign a balance").first.click()
    practice = page.get_by_label("Practice")
    if not practice.input_value():
        practice.select_option(index=1)
    line = page.locator("[data-lines] [data-line]").first
    typed = {"code": "99213", "description": "Office visit", "each": "$100.00", "covered": "10"}
    for part, text in typed.items():
        line.locator(f'[data-part="{part}"]').fill(text)
    expect(page.locator("[data-outcome]")).to_contain_text("will owe $90.00")
    shot("assign")
    page.get_by_role("button", name="Save and push").click()
    expect(page.locator("[data-verdict]")).to_contain_text("Inbox Health agrees: $90.00.", timeout=60_000)
    shot("balance")


def read_an_exchange(page: Page, shot: Shot) -> None:
    """What was sent about this patient, word for word."""
    page.get_by_role("link", name="Story", exact=True).click()
    page.get_by_role("main").locator('a[href*="/X-"], a[href*="/audit/exchanges/"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shot("exchange")


def subscribe(page: Page) -> None:
    """An endpoint for the usual events."""
    page.get_by_role("link", name="Endpoints", exact=True).click()
    page.get_by_role("link", name="Register an endpoint…").first.click()
    page.get_by_role("main").locator("button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("EP-")


def read_the_guide(page: Page, shot: Shot) -> None:
    page.get_by_role("link", name="Guide", exact=True).click()
    page.get_by_role("main").get_by_role("heading", name="Creating patients").get_by_role("link").click()
    shot("guide")
    page.get_by_role("link", name="API reference", exact=True).click()
    page.goto(page.url + "patients.create/")
    shot("reference")


if __name__ == "__main__":
    sys.exit(main())
