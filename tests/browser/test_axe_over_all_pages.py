"""Every address of the console is opened with one of everything there; axe finds nothing, in either theme.

An address that needs arguments and has none in ARGUMENTS fails. One that takes only POST answers 405, is no
page, and is passed over; so is a file, and a fragment for a page's own script.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page, expect

from tests.browser.sample import demo_person, make_sample
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
SHARES = 4  # tests that the pages are dealt out to
_OF_RECORDS = ("enterprise", "practice", "doctor", "patient")
_OF_MONEY = {
    "invoice": "invoice", "line_item": "line", "payment": "payment", "invoice_payment": "application",
    "payment_adjustment": "adjustment", "write_off": "write_off", "payment_reason": "reason",
    "write_off_code": "code", "account_type": "account_type",
}  # fmt: skip
_PARTS = ("change", "edit", "story", "link", "remove", "undo", "meanwhile", "delete")
_UNSENT = ("delete", "link")  # pages of what was never sent
# Name of an address → names of what stands in it: attributes of the sample, or words as they are.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    **{
        f"admin:records_{noun}_{part}": (f"unsent_{noun}" if part in _UNSENT else noun,)
        for noun in _OF_RECORDS
        for part in _PARTS
    },
    "admin:records_patient_delete": ("spare",),
    "admin:records_patient_link": ("spare",),
    "admin:records_enterprise_delete": ("unsent_enterprise",),
    **{f"admin:records_{noun}_{part}": (name,) for noun, name in _OF_MONEY.items() for part in _PARTS},
    **dict.fromkeys(
        [
            f"admin:records_enterprise_{part}"
            for part in (
                "practices", "doctors", "patients", "duplicates", "onboarding", "onboarding_check",
                "onboarding_assign", "onboarding_note",
            )
        ],
        ("enterprise",),
    ),
    **dict.fromkeys(
        [f"admin:records_patient_{act}" for act in ("compare", "join", "apart")], ("patient", "twin")
    ),
    "admin:records_patient_reveal": ("patient",),
    "admin:records_payment_delete": ("unapplied",),
    "record": ("=P", "patient"),
    **dict.fromkeys(
        ("balance", "balance_compare", "assign_balance", "assign_bodies", "record_payment", "payment_preview",
         "balance_push", "write_off", "notifications", "notifications_read"),
        ("patient",),
    ),
    **dict.fromkeys(("line_add", "invoice_email"), ("invoice",)),
    **dict.fromkeys(("payment_refund", "payment_void"), ("payment",)),
    "payment_apply": ("unapplied",),
    **dict.fromkeys(("application_change", "application_drop"), ("application",)),
    "adjustment_drop": ("adjustment",),
    "billing": ("billing",),
    **dict.fromkeys(("comparison", "comparison_stop"), ("comparison",)),
    "codes": ("enterprise",),
    **dict.fromkeys(("code_add", "codes_push"), ("enterprise", "=payment_reason")),
    **dict.fromkeys(("code_edit", "code_delete"), ("enterprise", "=payment_reason", "reason")),
    **dict.fromkeys(("key_test", "key_replace", "key_revoke"), ("own",)),
    "key_name": ("own",),
    "key_waiting": ("ended",),
    **dict.fromkeys(
        [
            f"staff_{act}"
            for act in ("member", "roles", "scope", "sign_out", "link", "unlock", "deactivate", "try_it")
        ],
        ("member",),
    ),
    "account_end_session": ("staff",),
    **dict.fromkeys(("plan", "plan_confirm", "plan_again"), ("plan",)),
    **dict.fromkeys(("batch", "batch_pause", "batch_resume", "batch_cancel"), ("batch",)),
    "brake_release": ("brake",),
    **dict.fromkeys(("delivery", "delivery_again", "delivery_look"), ("delivery",)),
    "delivery_cancel": ("cancellable",),
    "decide": ("undecided",),
    "needs_back": ("delivery",),
    "notice_open": ("notice",),
    "only_there": ("only_there",),
    "duplicate": ("surplus",),
    "pull": ("pull",),
    "adopt": ("adoptable",),
    "difference_missing": ("=patient", "missing"),
    "difference": ("=patient", "torn"),
    **dict.fromkeys(("posting", "posting_download"), ("posting",)),
    "exchange": ("exchange",),
    **dict.fromkeys(
        [
            f"import_{act}"
            for act in ("confirm", "cancel", "decide", "empty", "columns", "names", "rows", "push")
        ],
        ("job",),
    ),
    "job": ("job",),
    "import_undo": ("done",),
    **dict.fromkeys(("export", "export_download", "export_drop"), ("export",)),
    **dict.fromkeys(
        [f"endpoint{act}" for act in ("", "_change", "_pause", "_resume", "_check", "_unregister")],
        ("endpoint",),
    ),
    **dict.fromkeys(("event", "event_replay"), ("event",)),
    "reference_tried": ("trial",),
    "reference_confirm": ("=patients.create", "draft"),
    **dict.fromkeys(("reference_operation", "reference_try"), ("=patients.create",)),
    "guide_error": ("=refused-field",),
    "guide_chapter": ("=creating-patients",),
    "welcome": ("invited", "token"),
    "webhook": ("=token",),
}  # fmt: skip
QUERIES = {  # what a page is of, where its address alone does not say it
    "needs_group": "?kind=failed&noun=patient&cause=validation:zip",
    "needs_fix": "?kind=failed&noun=patient&cause=validation:zip",
    "export_choose": "?noun=patient",
    "guide": "?q=patient",
    "differences": "?tab=fields",
    "files": "",
}
# Addresses that lead on to another page, which has its own name.
LEADS_ON = {
    "root", "admin:index", "record", "account_login", "welcome",
    "admin:records_line_item_change", "admin:records_enterprise_remove",
    *[
        f"admin:records_{noun}_{part}"
        for noun in ("payment_reason", "write_off_code", "account_type", "invoice_payment",
                     "payment_adjustment", "write_off")
        for part in ("change", "edit")
    ],
}  # fmt: skip

NO_PAGE = {"webhook"}  # for Inbox Health alone, which posts
# Off in axe unless asked for: who says what stands on a button must reach that button (WCAG 2.5.3).
LIGHT = {"rules": {"label-content-name-mismatch": {"enabled": True}}}


def names(patterns: Any, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(
                pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space
            )
        else:
            yield f"{space}{pattern.name}", pattern


ALL = sorted(dict(names(get_resolver().url_patterns)))
NEEDING = {name for name, pattern in names(get_resolver().url_patterns) if pattern.pattern.regex.groups}


def test_each_address_that_needs_arguments_has_some() -> None:
    assert sorted(NEEDING - set(ARGUMENTS)) == []
    assert sorted((set(QUERIES) | LEADS_ON) - set(ALL)) == []


def address_of(name: str, sample: SimpleNamespace) -> str:
    said = ARGUMENTS.get(name, ()) if name in NEEDING else ()
    args = [word[1:] if word.startswith("=") else getattr(sample, word).pk for word in said]
    return reverse(name, args=args) + QUERIES.get(name, "")


def is_page(name: str, address: str, client: Client) -> bool:
    """Whether a look at it is a whole page. Fails where it is refused, gone or broken."""
    if name in NO_PAGE:
        return False
    answer = client.get(address)
    if name in LEADS_ON:
        assert answer.status_code == 302, f"{name} leads nowhere: {answer.status_code}"
        return False
    if answer.status_code in (204, 405):
        return False
    assert answer.status_code == 200, f"{name}: {address} answered {answer.status_code}"
    html = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return html and b"<html" in answer.content


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.timeout(180)
def test_axe_finds_nothing_on_any_page(page: Page, live_server: Any, share: int) -> None:
    staff = demo_person()
    sample, client = make_sample(staff), signed_in(staff)
    client.get(address_of("welcome", sample))  # its page shows who followed the link, and nobody else
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.emulate_media(reduced_motion="reduce")
    wrong: list[str] = []
    for name in ALL[share::SHARES]:
        address = address_of(name, sample)
        if is_page(name, address, client):
            wrong += looked_at(page, name, live_server.url + address)
    assert wrong == []


def looked_at(page: Page, name: str, address: str) -> list[str]:
    """What axe finds: everything in the light theme, and what the dark one can change, its colours."""
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    assert answer is not None and answer.status == 200, f"{name}: {answer and answer.status}"
    found = [("light", v) for v in Axe().run(page, options=LIGHT).response["violations"]]
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html.dark")).to_have_count(1)
    colours = Axe().run(page, options={"runOnly": ["color-contrast"]})
    found += [("dark", v) for v in colours.response["violations"]]
    return [f"{name} {theme}: {v['id']} {v['nodes'][0]['target']}" for theme, v in found]
