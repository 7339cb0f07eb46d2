"""The sandbox's own reference in a browser: a read and a write by the session, axe in both themes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from partnerportal.local.processes import stop_child
from tests.sandbox_process import Sandbox, start_sandbox


@pytest.fixture
def running(tmp_path: Path, page: Page) -> Iterator[Sandbox]:
    page.set_default_timeout(10_000)
    child, found = start_sandbox(tmp_path / "state", "--portal-password", "open-sesame")
    yield found
    stop_child(child, (15, 9))


def sign_in(page: Page, running: Sandbox) -> None:
    page.goto(f"{running.url}/api")
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("User").fill("demo")
    page.get_by_label("Password").fill("open-sesame")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed in as demo.")).to_be_visible()


def opened(page: Page, running: Sandbox, name: str) -> Any:
    """The operation's form; its address opens it."""
    page.goto("about:blank")
    page.goto(f"{running.url}/api#{name}")
    return page.locator(f'[id="{name}"]')


def test_it_runs_by_the_session_without_a_key(page: Page, running: Sandbox) -> None:
    sign_in(page, running)
    creating = opened(page, running, "enterprises.create")
    creating.get_by_role("button", name="Try POST enterprises.create").press("Enter")
    expect(creating.get_by_role("status")).to_contain_text("201 Created")
    listing = opened(page, running, "enterprises.list")
    listing.get_by_role("button", name="Try GET enterprises.list").press("Enter")
    expect(listing.get_by_role("status")).to_contain_text("Sample name")
    assert [seen["key_fingerprint"] for seen in running.requests()] == [None, None]


def test_without_a_session_it_is_refused(page: Page, running: Sandbox) -> None:
    listing = opened(page, running, "enterprises.list")
    listing.get_by_role("button", name="Try GET enterprises.list").click()
    expect(listing.get_by_role("status")).to_contain_text("401")


def test_after_no_answer_it_says_that_it_may_have_been_done(page: Page, running: Sandbox) -> None:
    sign_in(page, running)
    running.fault(kind="drop_after", operation="enterprises.create", count=1)
    creating = opened(page, running, "enterprises.create")
    creating.get_by_role("button", name="Try POST enterprises.create").click()
    expect(creating.get_by_role("status")).to_contain_text("It may have been done")
    assert len(running.records("enterprises")) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_comes_from_elsewhere(page: Page, running: Sandbox, theme: Any) -> None:
    wrong: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(running.url) else wrong.append(asked.url))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    sign_in(page, running)
    page.goto(f"{running.url}/api#patients.create")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        wrong += [f"{width}: {v['id']} {v['nodes'][0]['target']}" for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"wider than {width} px")
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"sandbox-{theme}-{width}.png")
    assert wrong == []
