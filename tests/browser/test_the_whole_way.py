"""The whole way in a browser beside a running `make demo`: sign in, key, enterprise, file, push, exchange."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from partnerportal.local.layout import Layout
from tests.local.conftest import place
from tests.local.running_demo import Demo

__all__ = ["place"]
SAMPLE = Path("partnerportal/records/imports/sample/patients.csv").resolve()
PASSWORD = "a walk through the portal"
ENTERPRISE = "Quabbin Valley Medical Group"


@pytest.fixture
def demo(place: Layout) -> Iterator[Demo]:
    running = Demo(place, DEMO_PASSWORD=PASSWORD)
    running.wait_ready()
    yield running
    running.end()


def there(demo: Demo, resource: str) -> list[dict[str, Any]]:
    """What the sandbox itself holds."""
    address = f"http://127.0.0.1:{demo.sandbox_port}/_sandbox/records/{resource}"
    with urllib.request.urlopen(address, timeout=10) as answer:
        kept = json.load(answer)
    return list(kept["records"] if isinstance(kept, dict) else kept)


def sign_in(page: Page, demo: Demo) -> None:
    page.goto(f"http://127.0.0.1:{demo.port}/")
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Account Settings")


def add_enterprise(page: Page, demo: Demo) -> None:
    page.goto(f"http://127.0.0.1:{demo.port}/records/enterprise/add/")
    page.get_by_label("Name").first.fill(ENTERPRISE)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ENTERPRISE)


def import_and_push(page: Page, demo: Demo) -> None:
    page.goto(f"http://127.0.0.1:{demo.port}/records/patient/")
    page.get_by_role("link", name="Import a file").first.click()
    page.get_by_text(ENTERPRISE).first.click()
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.get_by_role("button", name="Import 300 patients").click()
    page.get_by_role("button", name="Review push of 300…").click()
    page.get_by_role("button", name="Push 300 patients").click()
    expect(page.get_by_text(re.compile("^300 of 300 settled"))).to_be_visible(timeout=120_000)


@pytest.mark.timeout(400)
def test_from_signing_in_to_three_hundred_patients_there_and_one_exchange_read(
    page: Page, demo: Demo
) -> None:
    sign_in(page, demo)
    page.get_by_role("button", name="Generate a sandbox key").first.click()
    expect(page.locator("#key").get_by_text("Working")).to_be_visible()
    before = len(there(demo, "patients"))
    add_enterprise(page, demo)
    import_and_push(page, demo)

    group = next(e for e in there(demo, "enterprises") if e["name"] == ENTERPRISE)
    sent = [p for p in there(demo, "patients") if p["enterprise_id"] == group["id"]]
    assert len(sent) == 300 == len({p["health_record_id"] for p in sent})
    assert len(there(demo, "patients")) == before + 300

    page.goto(f"http://127.0.0.1:{demo.port}/audit/exchanges/")
    page.get_by_role("link", name=re.compile(r"^X-\d+")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("X-")
    expect(page.locator("main")).to_contain_text("first_name")
    assert "999-76-6866" not in page.content()
