"""Assigning a balance: what is typed is kept, refused at its field, or saved once; both say the same sum."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from partnerportal.audit.models import Entry
from partnerportal.console.assign_sum import sum_of
from partnerportal.delivery.models import Delivery
from partnerportal.records.balances import Account, Line
from partnerportal.records.models import Invoice, Patient, Payment, Practice
from tests.cast import make_key
from tests.console.cast import signed_in

TYPED = {
    "date_of_service": "11/02/2026",
    "line-code": ["99213"],
    "line-description": ["Office visit"],
    "line-each": ["$100.00"],
    "line-quantity": ["1"],
    "line-covered": ["10"],
    "line-insurance": [""],
    "line-tax": [""],
    "taken-method": "",
    "taken-amount": "",
}


@pytest.fixture
def office(ed: Patient) -> Practice:
    return Practice.objects.create(enterprise=ed.enterprise, name="Main office")


@pytest.fixture
def client(operator: Any) -> Client:
    return signed_in(operator)


def address(ed: Patient) -> str:
    return f"/records/patient/{ed.pk}/assign/"


def send(client: Client, ed: Patient, office: Practice, act: str = "save", **typed: Any) -> Any:
    return client.post(address(ed), {**TYPED, "practice": office.pk, act: "1", **typed})


def token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f-]{36})"', page)
    assert found
    return found[1]


def test_the_page_begins_with_the_only_practice_and_today(
    client: Client, ed: Patient, office: Practice
) -> None:
    page = client.get(address(ed)).content.decode()
    assert f'<option value="{office.pk}" selected>Main office</option>' in page
    assert "$0.00 charged − $0.00 covered − $0.00 insurance − $0.00 taken" in page
    assert "Ed Edison will owe $0.00" in page


def test_a_visit_is_saved_and_counts_here_at_once(client: Client, ed: Patient, office: Practice) -> None:
    answer = send(client, ed, office)
    assert (answer.status_code, answer["Location"]) == (302, f"/records/patient/{ed.pk}/balance/")
    line = Invoice.objects.get().lines.get()
    assert (line.service_code, line.total_charge_amount_cents, line.covered_amount_cents) == (
        "99213",
        10_000,
        1_000,
    )
    ed.refresh_from_db()
    assert ed.balance_cents == 9_000
    assert not Delivery.objects.exists()
    assert Entry.objects.filter(action="balance_assigned", patient=ed.pk).count() == 1


def test_save_and_push_asks_for_the_invoice_and_what_was_taken(
    client: Client, ed: Patient, office: Practice
) -> None:
    make_key()
    typed = {"taken-method": "check", "taken-amount": "40", "taken-apply": "on"}
    send(client, ed, office, "push", **typed)
    assert set(Delivery.objects.values_list("noun", flat=True)) >= {"invoice", "payment"}
    payment = Payment.objects.get()
    assert payment.applications.get().amount_cents == 4_000
    ed.refresh_from_db()
    assert ed.balance_cents == 5_000


def test_without_a_key_it_is_saved_and_said(client: Client, ed: Patient, office: Practice) -> None:
    send(client, ed, office, "push")
    page = client.get(f"/records/patient/{ed.pk}/balance/").content.decode()
    assert "There is no API key to send with" in page
    assert Invoice.objects.count() == 1


def test_the_same_form_sent_twice_makes_one_invoice(client: Client, ed: Patient, office: Practice) -> None:
    once = token(client.get(address(ed)).content.decode())
    for _ in range(2):
        send(
            client,
            ed,
            office,
            token=once,
            **{"taken-method": "cash", "taken-amount": "5", "taken-apply": "on"},
        )
    assert (Invoice.objects.count(), Payment.objects.count()) == (1, 1)


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    client: Client, ed: Patient, office: Practice
) -> None:
    typed = {
        "date_of_service": "31.31.2026",
        "line-code": ["A", "B"],
        "line-description": ["", "X-ray"],
        "line-each": ["ten", "75.00"],
        "line-quantity": ["0", "2"],
        "line-covered": ["", ""],
        "line-insurance": ["", ""],
        "line-tax": ["", "1.25"],
        "taken-amount": "12",
    }
    answer = send(client, ed, office, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "“31.31.2026” is no date",
        "The description is missing.",
        "“ten” is no amount",
        "“0” is no quantity: 1 or more.",
        "Say how it was paid.",
        'value="31.31.2026"',
        'value="ten"',
        'value="X-ray"',
    ):
        assert said in page
    assert "$151.25 charged − $0.00 covered − $0.00 insurance − $12.00 taken" in page
    assert Invoice.objects.count() == 0


def test_a_visit_without_a_line_is_refused(client: Client, ed: Patient, office: Practice) -> None:
    blank = {f"line-{name}": [""] for name in ("code", "description", "each", "covered", "insurance", "tax")}
    answer = send(client, ed, office, **blank)
    assert answer.status_code == 422
    assert "A balance needs at least one line." in answer.content.decode()


def test_lines_are_added_and_dropped_without_script(client: Client, ed: Patient, office: Practice) -> None:
    page = send(client, ed, office, "add").content.decode()
    assert page.count("<tr data-line>") == 3  # two, and the one that the script copies
    assert "is missing" not in page
    two = {name: [value[0], value[0]] for name, value in TYPED.items() if name.startswith("line-")}
    page = send(client, ed, office, "save", **two, drop="0").content.decode()
    assert page.count("<tr data-line>") == 2
    assert Invoice.objects.count() == 0


def test_what_is_sent_is_shown_before_anything_is_saved(
    client: Client, ed: Patient, office: Practice
) -> None:
    typed = {"taken-method": "check", "taken-amount": "40", "taken-apply": "on"}
    page = client.post(f"{address(ed)}bodies/", {**TYPED, "practice": office.pk, **typed}).content.decode()
    for said in (
        "line_items_attributes",
        "99213",
        "expected_amount_cents",
        "paid_amount_cents",
        "its id, once",
    ):
        assert said in page
    assert f"Practice PR-{office.pk}, Patient P-{ed.pk}" in page
    assert not Invoice.objects.exists()
    whole = send(client, ed, office, "show").content.decode()
    assert "line_items_attributes" in whole
    assert not Invoice.objects.exists()


def test_mailing_the_invoice_is_offered_only_to_someone_with_an_address(
    client: Client, ed: Patient, office: Practice
) -> None:
    assert "E-mail the invoice" not in client.get(address(ed)).content.decode()
    Patient.objects.filter(pk=ed.pk).update(email="ed@example.com")
    assert re.search(r'name="email"[^>]*id="id_email"[^>]*>', client.get(address(ed)).content.decode())
    send(client, ed, office)
    assert Invoice.objects.get().email_to == ""
    send(client, ed, office, email="on")
    assert Invoice.objects.order_by("-pk")[0].email_to == "ed@example.com"


def test_an_estimate_takes_no_payment(client: Client, ed: Patient, office: Practice) -> None:
    typed = {"estimate": "on", "taken-method": "cash", "taken-amount": "5", "taken-apply": "on"}
    answer = send(client, ed, office, **typed)
    assert answer.status_code == 422
    assert "An estimate is not owed: what was taken" in answer.content.decode()


def test_nobody_without_the_permission_or_the_scope_gets_there(
    auditor: Any, outsider: Any, ed: Patient, office: Practice
) -> None:
    assert signed_in(auditor).get(address(ed)).status_code == 403
    assert signed_in(outsider).get(address(ed)).status_code == 404


def test_the_sum_waits_for_insurance_and_keeps_what_was_owed_before() -> None:
    before = sum_of(Account(), [Line(10_000, covered=1_000)])
    assert (before.after, before.notes) == (9_000, [])
    waits = sum_of(Account(), [Line(10_000, insurance_owed=6_000)], taken=500)
    assert waits.after == 0
    assert waits.notes == ["Waits for insurance: adds $0.00 until it has paid."]
    over = sum_of(Account(), [Line(1_000)], taken=1_500)
    assert (over.after, over.rest) == (-500, 500)
    assert over.outcome("Ed") == "Ed will owe $5.00 credit"
