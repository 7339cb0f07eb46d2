"""From the invitation over the mail and the password to the first sign-in, as each role, in a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from partnerportal.accounts.models import Staff
from partnerportal.accounts.staff import roles_of
from tests.console.cast import PASSWORD, person

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "a sentence as password"


def sign_in(page: Page, address: str, name: str, password: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Account Settings")


def invite(page: Page, address: str, role: str) -> str:
    """The link as the mail has it."""
    page.goto(f"{address}/staff/invite/")
    page.get_by_label("Name", exact=True).fill("Nina Nord")
    page.get_by_label("Signs in as").fill("nina")
    page.get_by_label("E-mail").fill("nina@example.com")
    page.get_by_role("checkbox", name=role.capitalize()).check()
    page.get_by_role("button", name=re.compile("Invite|Send")).click()
    expect(page.get_by_role("status")).to_contain_text("nina")
    found = re.search(r"https?://\S+/accounts/welcome/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


@pytest.mark.parametrize("role", ["operator", "auditor", "administrator"])
def test_an_invited_person_sets_a_password_and_signs_in(
    page: Page, browser: Browser, live_server: Any, settings: Any, role: str
) -> None:
    settings.PUBLIC_URL = live_server.url
    person("ada", "administrator")
    sign_in(page, live_server.url, "ada", PASSWORD)
    link = invite(page, live_server.url, role)

    theirs = browser.new_page()  # a browser that was never here
    said: list[str] = []
    sent: list[str] = []
    theirs.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    theirs.on("request", lambda request: sent.append(request.headers.get("referer", "")))
    theirs.goto(link)
    secret = link.rstrip("/").rpartition("/")[2]
    assert secret not in theirs.url, "the address bar and the history would keep it"
    theirs.get_by_label("Password").fill(NEW)
    theirs.get_by_label("Once more").fill(NEW)
    theirs.get_by_role("button", name="Set password").click()
    expect(theirs.get_by_text("Your password is set. Sign in with it.")).to_be_visible()
    sign_in(theirs, live_server.url, "nina", NEW)
    expect(theirs.get_by_text("Nina Nord").first).to_be_visible()
    assert roles_of(Staff.objects.get(username="nina")) == [role]
    assert [address for address in sent if secret in address] == []
    assert said == []
    theirs.goto(link)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("This link has ended")
    theirs.close()
