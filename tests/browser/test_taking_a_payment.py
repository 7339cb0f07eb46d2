"""A payment taken in a browser: the result as it is typed, the agreement, and what a void does to both sides.

SCREENSHOTS=folder keeps a picture of each page, light, dark and at 390 px.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from partnerportal.delivery import billing, comparing
from partnerportal.jobs.models import Job
from partnerportal.records import notifying
from partnerportal.records.billing import Charge, Taken
from partnerportal.records.models import (
    AccountType,
    InvoicePayment,
    Patient,
    Payment,
    PaymentReason,
    WriteOffCode,
)
from partnerportal.records.paying import take_payment
from partnerportal.records.recording import OLDEST, Receipt, record_payment
from tests.cast import Stage
from tests.console.cast import signed_in
from tests.money.accounts import agreed, billed_patient, ours, push, there, visit

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390)}


@pytest.fixture
def ada(stage: Stage, page: Page, live_server: Any) -> Patient:
    """A patient who owes $149.56 there and here, and an operator signed in."""
    cookie = signed_in(stage.operator).cookies[django_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.set_default_timeout(15_000)
    ada = billed_patient(last_name="Lovelace")
    push(stage, visit(ada, Charge("Surgery", 14_956)))
    return ada


def test_a_payment_is_taken_agreed_and_voided(
    page: Page, live_server: Any, stage: Stage, ada: Patient
) -> None:
    page.goto(f"{live_server.url}/records/patient/{ada.pk}/balance/")
    page.get_by_role("link", name="Record a payment").click()
    page.get_by_label("Amount", exact=True).fill("$50")
    forecast = page.locator("[data-forecast]")
    expect(forecast).to_contain_text("Ada Lovelace will owe $99.56 instead of $149.56.")
    expect(page.locator("[data-of-insurance]")).to_be_hidden()
    page.get_by_role("button", name="Save and push").click()
    page.wait_for_url("**/balance/")
    stage.run()
    expect(page.locator("[data-verdict]")).to_contain_text("Inbox Health agrees: $99.56.")
    assert agreed(stage, ada) == 9_956

    payment = Payment.objects.get()
    page.goto(f"{live_server.url}/PAY-{payment.pk}")
    page.get_by_role("link", name="Refund…").last.click()
    page.get_by_label("Amount", exact=True).fill("10")
    page.get_by_role("button", name="Continue…").click()
    expect(page.locator("main")).to_contain_text("becomes partially refunded. The balance stays $99.56")
    page.get_by_role("link", name="Keep it").click()

    page.get_by_role("link", name="Void…").last.click()
    expect(page.locator("main")).to_contain_text(
        "The whole $50.00 is voided and Ada Lovelace owes $149.56 instead of $99.56. Can’t be undone."
    )
    expect(page.get_by_role("link", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Void $50.00").click()
    page.wait_for_url("**/change/")
    stage.run()
    page.reload()
    expect(page.locator("main")).to_contain_text("Voided")
    assert InvoicePayment.objects.get().deleted
    assert agreed(stage, ada) == 14_956 == there(stage, ada)


def test_more_than_one_invoice_takes_is_said_as_it_is_typed(
    page: Page, live_server: Any, ada: Patient
) -> None:
    page.goto(f"{live_server.url}/records/patient/{ada.pk}/payment/")
    page.get_by_label("To one invoice").check()
    page.locator("#id_invoice").select_option(index=1)
    page.get_by_label("Amount", exact=True).fill("200")
    page.get_by_label("Amount of it").fill("160")
    said = "$160.00 is more than the $149.56 open on this invoice."
    expect(page.locator("[data-forecast]")).to_contain_text(said)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_label("Amount", exact=True)).to_have_value("200")
    assert not Payment.objects.exists()


def test_insurance_pays_nothing_and_the_patient_owes_the_rest(
    page: Page, live_server: Any, stage: Stage, ada: Patient
) -> None:
    PaymentReason.objects.create(enterprise=ada.enterprise, code="CO-3", description="Co-payment")
    waiting = visit(ada, Charge("X-ray", 10_000, insurance_owed=6_000), date_of_service=date(2026, 11, 9))
    push(stage, waiting)
    page.goto(f"{live_server.url}/records/patient/{ada.pk}/payment/?invoice={waiting.pk}")
    page.get_by_label("Paid by").select_option("insurance")
    page.get_by_label("Amount", exact=True).fill("0")
    page.get_by_label("Reason").select_option(label="CO-3 · Co-payment")
    page.get_by_label("Insurance owes nothing more on this invoice").check()
    expect(page.locator("[data-forecast]")).to_contain_text("$60.00 of it is lowered on the lines")
    page.get_by_role("button", name="Save and push").click()
    page.wait_for_url("**/balance/")
    stage.run()
    assert agreed(stage, ada) == 14_956 + 10_000


@pytest.mark.soak  # `make test` opens every address: test_axe_over_all_pages
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(
    page: Page, live_server: Any, stage: Stage, ada: Patient, look: str
) -> None:
    addresses = _pages(stage, ada)
    theme, width = LOOKS[look]
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 1000})
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        if name == "payment-add":
            page.get_by_label("Amount", exact=True).fill("60")
            expect(page.locator("[data-forecast]")).to_contain_text("will owe")
        _keep(page, name, look)
        wrong += [
            f"{name}: {v['id']} {v['nodes'][0]['target']}" for v in Axe().run(page).response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{name} is wider than {width} px")
    assert wrong == []


def _pages(stage: Stage, ada: Patient) -> dict[str, str]:
    """One of everything, and where it is seen."""
    enterprise = ada.enterprise
    PaymentReason.objects.create(enterprise=enterprise, code="CO-3", description="Co-payment")
    WriteOffCode.objects.create(enterprise=enterprise, code="044", description="Debt forgiveness")
    AccountType.objects.create(enterprise=enterprise, name="No statements")
    paid = record_payment(ada, Receipt(Taken(5_000, "check"), how=OLDEST, paid_on=date(2026, 11, 20))).payment
    push(stage, paid)
    loose = take_payment(ada, Taken(2_500, "cash", "Lockbox"))
    at = "2026-11-20T14:31:07.000Z"
    notifying.keep(ada, [{"id": 7, "notification_type": "email", "status": "sent", "created_at": at}])
    plan = billing.freeze(stage.operator, Patient.objects.filter(pk=ada.pk), "Billing of 1 patient")
    comparing.compare_all(stage.operator, stage.context)
    ours(ada)
    Patient.objects.filter(pk=ada.pk).update(balance_there_cents=0, balance_gap_cents=9_956)
    payment, patient = f"/records/payment/{paid.pk}", f"/records/patient/{ada.pk}"
    return {
        "payments": "/records/payment/",
        "payment": f"{payment}/change/",
        "payment-edit": f"{payment}/edit/",
        "payment-add": f"{patient}/payment/",
        "apply": f"/records/payment/{loose.pk}/apply/",
        "apply-change": f"/records/invoice_payment/{InvoicePayment.objects.get().pk}/amount/",
        "refund": f"{payment}/refund/",
        "void": f"{payment}/void/",
        "delete": f"/records/payment/{loose.pk}/delete/",
        "write-off": f"{patient}/write-off/",
        "notifications": f"{patient}/notifications/",
        "codes": f"/records/enterprise/{enterprise.pk}/codes/",
        "balances": "/balances/",
        "compare": "/balances/compare/",
        "comparison": f"/balances/comparisons/{Job.objects.get(kind='refresh').pk}/",
        "billing": f"/billing/{plan.pk}/",
    }


def _keep(page: Page, name: str, look: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{re.sub('[^a-z-]', '', name)}-{look}.png"), full_page=True)
