"""The API reference in a browser: Try It by keyboard, a write, a refusal, the unknown; axe in both themes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from partnerportal.accounts.models import Staff
from partnerportal.records.models import Enterprise
from tests.cast import Stage
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reference(page: Page, live_server: Any, stage: Stage) -> str:
    """Where it is; an operator without the grant is signed in."""
    session = signed_in(stage.operator).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.set_default_timeout(10_000)
    return f"{live_server.url}/reference/"


@pytest.fixture
def granted(stage: Stage) -> Staff:
    stage.operator.user_permissions.add(Permission.objects.get(codename="try_it_writes"))
    return stage.operator


def review(page: Page, reference: str) -> None:
    page.goto(f"{reference}enterprises.create/")
    page.get_by_role("button", name="Review the POST…").click()
    expect(page.get_by_role("button", name="Back")).to_be_focused()


def test_a_read_is_found_and_run_by_keyboard_alone(page: Page, reference: str) -> None:
    page.goto(reference)
    page.keyboard.press("/")
    page.keyboard.type("list enterprises")
    link = page.get_by_role("link", name="GET List enterprises", exact=True)
    expect(link).to_be_visible()
    expect(page.get_by_role("link", name="POST Create patient")).to_be_hidden()
    for _ in range(6):
        page.keyboard.press("Tab")
        if link.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.get_by_label("per_page").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Here is the answer.")).to_be_focused()
    expect(page.get_by_text('"enterprises": []')).to_be_visible()


def test_a_write_goes_out_after_its_confirmation_and_is_in_the_portal(
    page: Page, reference: str, stage: Stage, granted: Staff
) -> None:
    review(page, reference)
    expect(page.get_by_text("in SANDBOX").first).to_be_visible()
    assert stage.there("enterprises") == []
    page.get_by_role("button", name="Send the POST in SANDBOX").click()
    expect(page.get_by_text("It was done.")).to_be_visible()
    page.reload()
    (there,) = stage.there("enterprises")
    page.get_by_role("link", name=Enterprise.objects.get(remote_id=there["id"]).short_id).click()
    expect(page.get_by_role("heading", name="Harbor Family Medicine")).to_be_visible()


def test_back_after_a_run_leads_to_a_page_and_sends_nothing_twice(
    page: Page, reference: str, stage: Stage, granted: Staff
) -> None:
    """Back led to a form's POST: the browser showed an error of its own, or asked to send it again."""
    review(page, reference)
    page.get_by_role("button", name="Send the POST in SANDBOX").click()
    expect(page.get_by_text("It was done.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Send the POST in SANDBOX")).to_be_visible()
    page.get_by_role("button", name="Send the POST in SANDBOX").click()
    expect(page.get_by_text("It was done.")).to_be_visible()
    assert len(stage.there("enterprises")) == 1
    page.go_back()
    page.go_back()
    expect(page.get_by_role("button", name="Review the POST…")).to_be_visible()
    page.locator("#try-body").fill("{")
    page.get_by_role("button", name="Review the POST…").click()
    expect(page.get_by_text("This is no JSON").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("This is no JSON").first).to_be_visible()


def test_without_the_grant_the_page_says_whom_to_ask(page: Page, reference: str) -> None:
    page.goto(f"{reference}enterprises.create/")
    expect(page.get_by_text("needs a grant. Ask an administrator")).to_be_visible()
    expect(page.get_by_role("button", name="Review the POST…")).to_have_count(0)


def test_after_an_unknown_outcome_one_click_looks(
    page: Page, reference: str, stage: Stage, granted: Staff
) -> None:
    stage.sandbox.fault(kind="drop_after", operation="enterprises.create", count=1)
    review(page, reference)
    page.get_by_role("button", name="Send the POST in SANDBOX").click()
    expect(page.get_by_text("It may have been done. Look before you send it again.")).to_be_visible()
    page.get_by_role("link", name="Look at the newest enterprises").click()
    expect(page.get_by_label("sort")).to_have_value("-id")
    page.get_by_role("button", name="Run the GET").click()
    expect(page.get_by_text("Harbor Family Medicine")).to_be_visible()
    assert len(stage.there("enterprises")) == 1


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_comes_from_elsewhere(
    page: Page, reference: str, granted: Staff, theme: Any
) -> None:
    wrong: list[str] = []
    home = reference.removesuffix("/reference/")
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(home) else None)
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for name in ("", "patients.create/", "patients.list/", "payments.quick_pay/"):
        page.goto(reference + name)
        wrong += looked_at(page, name or "index", theme)
    review(page, reference)
    wrong += looked_at(page, "confirm", theme)
    page.get_by_role("button", name="Send the POST in SANDBOX").click()
    expect(page.get_by_text("It was done.")).to_be_visible()
    wrong += looked_at(page, "tried", theme)
    assert wrong == []


def looked_at(page: Page, name: str, theme: str) -> list[str]:
    """What axe finds, and whether a phone has to scroll sideways. SHOTS names a folder for pictures."""
    wrong = []
    for fold in page.locator("details.fold").all():
        fold.evaluate("node => { node.open = true; }")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        wrong += [f"{name} {width}: {v['id']} {v['nodes'][0]['target']}" for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{name} is wider than {width} px")
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"{name.strip('/')}-{theme}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong
