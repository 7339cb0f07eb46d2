"""Billing status, mail about an invoice, and what the patient is told."""

from __future__ import annotations

import pytest

from tests.sandbox.money import DAY, Books, refused
from tests.sandbox_process import Sandbox


def status(books: Books) -> str:
    return str(books.read("patient", books.patient)["billing_status"])


@pytest.mark.parametrize("word", ["billable", "scheduled", "excluded", "complete", "collections"])
def test_a_request_sets_the_billing_status(books: Books, word: str) -> None:
    assert books.change("patient", books.patient, billing_status=word).status == 200
    assert status(books) == word


def test_a_balance_alone_moves_no_billing_status(books: Books) -> None:
    books.invoice((4_000, 0))
    assert status(books) == "complete"


def test_putting_a_patient_on_a_cycle_starts_it(books: Books) -> None:
    assert books.read("patient", books.patient)["statement_cycle_started_at"] is None
    books.change("patient", books.patient, billing_status="scheduled")
    started = books.read("patient", books.patient)["statement_cycle_started_at"]
    assert started
    books.change("patient", books.patient, billing_status="scheduled")
    assert books.read("patient", books.patient)["statement_cycle_started_at"] == started


def test_by_switch_the_status_follows_the_balance(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(billing_status_moves="with_balance")
    invoice = books.invoice((4_000, 0))
    assert status(books) == "billable"
    books.change("patient", books.patient, billing_status="scheduled")
    books.add(invoice, 100)
    assert status(books) == "scheduled"
    books.payment(4_100)
    assert status(books) == "complete"


def test_whoever_is_excluded_stays_so(sandbox: Sandbox, books: Books) -> None:
    sandbox.assume(billing_status_moves="with_balance")
    books.change("patient", books.patient, billing_status="excluded")
    books.invoice((4_000, 0))
    assert status(books) == "excluded"


def test_a_top_level_email_asks_for_mail(books: Books) -> None:
    sent = {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": DAY}
    body = {"email": "kirby@example.com", "invoice": sent}
    invoice = books.api.call("POST", "/invoices", body).json["invoice"]["id"]
    books.invoice((100, 0))
    for place in (f"/patients/{books.patient}", f"/invoices/{invoice}"):
        (told,) = books.api.get(f"{place}/notifications")["notifications"]
        assert (told["email"], told["invoice_id"]) == ("kirby@example.com", invoice)
    books.api.call("PUT", f"/invoices/{invoice}", {"email": "kirby@example.com", "invoice": {}})
    assert len(books.api.ids(f"/invoices/{invoice}/notifications")) == 2


def test_mail_to_what_is_no_address_is_refused(sandbox: Sandbox, books: Books) -> None:
    sent = {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": DAY}
    seen = books.api.call("POST", "/invoices", {"email": "nobody", "invoice": sent})
    assert refused(seen) == {"email": ["is invalid"]}
    assert sandbox.records("invoices") == []
