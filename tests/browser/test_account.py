"""Doors, Account Settings, keys and staff as a person with a browser meets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import limiter
from partnerportal.accounts.models import ApiKey, Staff
from tests.sandbox_process import KEY, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.fixture
def demo(transactional_db: None) -> Staff:
    staff = Staff(username="demo", first_name="Demo", email="demo@example.com", all_enterprises=True)
    staff.set_password(PASSWORD)
    staff.save()
    staff.groups.set(Group.objects.filter(name__in=["operator", "administrator"]))
    return staff


@pytest.fixture
def on_sandbox(sandbox: Sandbox, settings: Any) -> Iterator[Sandbox]:
    settings.INBOX_HEALTH_BASE_URL = sandbox.base_url
    limiter.cache_clear()
    redis.Redis.from_url(django_settings.REDIS_URL).flushdb()
    yield sandbox
    limiter.cache_clear()


@pytest.fixture
def said(page: Page) -> list[str]:
    """What the browser's console complains about: a broken policy, a missing file, a script's error."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def enter(page: Page, live_server: Any, demo: Staff) -> Callable[[], Page]:
    def sign_in() -> Page:
        page.goto(f"{live_server.url}/")
        page.get_by_label("Name").fill("demo")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Account Settings")
        return page

    return sign_in


class Clicks:
    """Presses and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, role: Any, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.count += 1


def test_connecting_a_key_takes_two_clicks(on_sandbox: Sandbox, enter: Any, said: list[str]) -> None:
    page = enter()
    clicks = Clicks(page)
    clicks.press("link", "Connect API key")
    page.get_by_label("API key").fill(KEY)
    clicks.press("button", "Test and save")
    expect(page.get_by_role("status").filter(has_text="works.")).to_be_visible()
    assert clicks.count == 2
    assert ApiKey.objects.get().state == "working"
    assert said == []


def test_generating_a_sandbox_key_takes_one_click(on_sandbox: Sandbox, enter: Any) -> None:
    page = enter()
    clicks = Clicks(page)
    clicks.press("button", "Generate a sandbox key")
    expect(page.locator("#key").get_by_text("Working")).to_be_visible()
    assert clicks.count == 1


def test_a_refused_key_keeps_the_page_and_says_what_to_check(on_sandbox: Sandbox, enter: Any) -> None:
    page = enter()
    page.get_by_role("link", name="Connect API key").first.click()
    page.get_by_label("API key").fill("wrong-key")
    page.get_by_role("button", name="Test and save").click()
    expect(page.get_by_role("alert")).to_contain_text("Copied whole, without spaces?")
    expect(page.get_by_role("alert").locator("p")).to_be_focused()


def test_the_key_is_shown_after_the_password_and_gone_after_its_time(
    enter: Any, demo: Staff, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnerportal.console.key_pages.HIDE_SECONDS", 2)
    keys.candidate(KEY, "basic", demo).save()
    page = enter()
    page.get_by_role("link", name="View API Key").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="View API Key").click()
    expect(page.get_by_label("API key", exact=True)).to_have_value(KEY)
    expect(page.get_by_text("View it again")).to_be_visible(timeout=6000)
    assert KEY not in page.content()
    assert said == []


def test_the_session_ends_under_a_cover_and_nothing_typed_is_lost(
    enter: Any, settings: Any, said: list[str]
) -> None:
    page = enter()
    settings.IDLE_SECONDS = 8
    page.get_by_role("link", name="Connect API key").first.click()
    page.get_by_label("API key").fill("typed-before-the-end")
    page.context.add_cookies([])
    expect(page.get_by_role("dialog", name="You are about to be signed out")).to_be_visible(timeout=20000)
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    cover = page.get_by_role("dialog", name="You were signed out")
    expect(cover).to_be_visible(timeout=25000)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    settings.IDLE_SECONDS = 1800
    with page.expect_popup() as beside:
        cover.get_by_role("link", name="Sign in").click()
    window = beside.value
    window.get_by_label("Name").fill("demo")
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_role("button", name="Sign in").click()
    expect(cover).to_be_hidden(timeout=20000)
    expect(page.get_by_label("API key")).to_have_value("typed-before-the-end")
    page.get_by_role("button", name="Test and save").click()
    expect(page.get_by_role("alert")).to_contain_text("No answer from")


def test_staying_signed_in_closes_the_dialog(enter: Any, settings: Any) -> None:
    page = enter()
    settings.IDLE_SECONDS = 6
    page.reload()
    dialog = page.get_by_role("dialog", name="You are about to be signed out")
    expect(dialog).to_be_visible(timeout=8000)
    settings.IDLE_SECONDS = 1800
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()


def test_a_save_after_the_session_ended_is_sent_again_after_signing_in(enter: Any, demo: Staff) -> None:
    page = enter()
    page.get_by_label("Time zone").select_option("UTC")
    page.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed out before this was saved")
    with page.expect_popup() as beside:
        page.get_by_role("link", name="Sign in").click()
    beside.value.get_by_label("Name").fill("demo")
    beside.value.get_by_label("Password").fill(PASSWORD)
    beside.value.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You are signed in.")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Preferences saved.")).to_be_visible()
    demo.refresh_from_db()
    assert demo.time_zone == "UTC"


PAGES = [
    "/account/", "/account/key/connect/", "/account/key/view/", "/accounts/password/change/", "/keys/",
    "/staff/", "/staff/invite/",
]  # fmt: skip


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_has_an_accessibility_fault_or_breaks_the_policy(
    enter: Any, demo: Staff, said: list[str], live_server: Any, dark: bool
) -> None:
    key = keys.candidate(KEY, "basic", demo)
    key.is_service = True
    key.save()
    other = Staff.objects.create(username="other", email="other@example.com")
    page = enter()
    page.evaluate(f"localStorage.setItem('portal-theme', '{'dark' if dark else 'light'}')")
    paths = [*PAGES, f"/keys/{key.pk}/revoke/", f"/keys/{key.pk}/replace/", f"/staff/{other.pk}/"]
    for path in (*paths, f"/staff/{other.pk}/deactivate/", "/accounts/logout/"):
        page.goto(f"{live_server.url}{path}")
        found = Axe().run(page).response["violations"]
        assert [(path, fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/")
    assert Axe().run(page).response["violations"] == []
    assert said == []


def test_a_phone_sees_everything_without_scrolling_sideways(
    enter: Any, demo: Staff, live_server: Any
) -> None:
    keys.candidate(KEY, "basic", demo).save()
    page = enter()
    page.set_viewport_size({"width": 390, "height": 844})
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{path} is {wide} px wide"


def test_signing_in_twice_with_the_wrong_password_shows_one_sentence(
    page: Page, live_server: Any, demo: Staff
) -> None:
    page.goto(f"{live_server.url}/account/")
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("Name or password is wrong."))
    expect(page.get_by_label("Name")).to_have_value("demo")
