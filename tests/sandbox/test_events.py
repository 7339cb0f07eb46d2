"""Which events come of which writes, and what they carry."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller, basic
from tests.sandbox.listener import Listener
from tests.sandbox.money import DAY, Books
from tests.sandbox_process import KEY, Sandbox

NOUNS = (
    *("enterprise", "practice", "doctor", "patient", "invoice", "line_item", "payment", "invoice_payment"),
    *("payment_adjustment", "payment_reason", "write_off_code", "write_off", "account_type"),
    *("attachment", "notification"),
)
EVERY = [f"{noun}_{verb}" for noun in NOUNS for verb in ("created", "updated")]


@pytest.fixture
def all_events(books: Books, listener: Listener) -> Listener:
    """An endpoint for everything, registered once the books are open."""
    books.api.create("endpoint", url=listener.url, registered_webhooks=EVERY)
    return listener


def test_a_created_patient_is_told_as_documented(all_events: Listener, books: Books) -> None:
    made = books.api.create("patient", **LUIGI, enterprise_id=books.enterprise)
    (posted,) = all_events.await_number(1)
    event = posted.event
    assert list(event) == ["id", "livemode", "created_at", "event_type", "event_data"]
    assert (event["livemode"], event["event_type"]) == (False, "patient_created")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-04:00", event["created_at"])
    links = dict.fromkeys(made["links"])
    assert event["event_data"] == {"object": {**made, "links": links, "object": "patient"}}
    assert posted.headers["content-type"] == "application/json"
    assert posted.signed_with(KEY, all_events.url)
    assert posted.path == "/webhooks/s%20ecret?from=sandbox"


def test_an_update_is_told_with_what_it_left(all_events: Listener, books: Books) -> None:
    books.change("patient", books.patient, city="New Haven")
    (posted,) = all_events.await_number(1)
    assert (posted.event["event_type"], posted.about["city"]) == ("patient_updated", "New Haven")


def test_floats_and_accents_are_signed_as_ruby_would(all_events: Listener, books: Books) -> None:
    books.change("enterprise", books.enterprise, name="José", sales_tax=0.00001)
    (posted,) = all_events.await_number(1)
    assert posted.about["sales_tax"] == 0.00001
    assert posted.signed_with(KEY, all_events.url)


def told_by(listener: Listener, number: int) -> list[str]:
    listener.await_number(number)
    return sorted(listener.types())


def test_an_invoice_with_lines_is_one_event_each(all_events: Listener, books: Books) -> None:
    books.invoice((100, 0), (200, 0))
    assert told_by(all_events, 3) == ["invoice_created", "line_item_created", "line_item_created"]
    by_type = {one.event["event_type"]: one.about for one in all_events.posted}
    assert by_type["invoice_created"]["balance_cents"] == 300


def test_a_new_line_or_application_sends_no_invoice_updated(all_events: Listener, books: Books) -> None:
    invoice, payment = books.invoice(), books.payment(500)
    told_by(all_events, 2)
    line = books.add(invoice, 900)
    applied = books.apply(payment, invoice, 100)
    books.change("line_item", line, quantity=2)
    books.change("invoice_payment", applied, paid_amount_cents=50)
    books.change("invoice", invoice, line_items_attributes=[books.line(100)], estimate=False)
    assert told_by(all_events, 7)[1:] == [
        "invoice_payment_created",
        "invoice_payment_updated",
        "line_item_created",
        "line_item_created",
        "line_item_updated",
        "payment_created",
    ]


def test_an_invoices_own_change_is_told(all_events: Listener, books: Books) -> None:
    invoice = books.invoice()
    before = books.read("invoice", invoice)["updated_at"]
    books.change("invoice", invoice, notes="Corrected")
    assert told_by(all_events, 2) == ["invoice_created", "invoice_updated"]
    assert books.read("invoice", invoice)["updated_at"] > before


def test_a_refund_tells_of_adjustment_and_payment(all_events: Listener, books: Books) -> None:
    books.refund(books.payment(500), 100)
    assert told_by(all_events, 3) == ["payment_adjustment_created", "payment_created", "payment_updated"]
    about = {one.event["event_type"]: one.about for one in all_events.posted}
    assert about["payment_updated"]["status"] == "partially refunded"


def test_quick_pay_tells_of_all_it_made(all_events: Listener, books: Books) -> None:
    parents = {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": DAY}
    paid = {"patient_id": books.patient, "expected_amount_cents": 500, "payment_method_type": "cash"}
    body = {"invoice": {**parents, "line_items_attributes": [books.line(900)]}, "payment": paid}
    assert books.api.call("POST", "/payments/quick_pay", body).status == 201
    assert told_by(all_events, 4) == [
        "invoice_created",
        "invoice_payment_created",
        "line_item_created",
        "payment_created",
    ]


def test_everything_else_that_is_made_is_told(all_events: Listener, books: Books) -> None:
    parent: Any = {"enterprise_id": books.enterprise}
    books.api.create("doctor", **LUIGI, **parent)
    books.api.create("practice", name="X", **parent)
    books.api.create("attachment", **parent)
    books.api.create("payment_reason", code="1", **parent)
    books.write_off(100)
    sent = {"patient_id": books.patient, "practice_id": books.practice, "date_of_service": DAY}
    books.api.call("POST", "/invoices", {"email": "kirby@example.com", "invoice": sent})
    assert told_by(all_events, 8) == [
        "attachment_created",
        "doctor_created",
        "invoice_created",
        "notification_created",
        "payment_reason_created",
        "practice_created",
        "write_off_code_created",
        "write_off_created",
    ]


def test_an_edit_made_there_is_told(sandbox: Sandbox, all_events: Listener, books: Books) -> None:
    sandbox.admin("PUT", f"records/patients/{books.patient}", {"city": "Elsewhere"})
    paid = {"patient_id": books.patient, "expected_amount_cents": 500, "payment_method_type": "card"}
    sandbox.admin("POST", "records/payments", paid)
    assert told_by(all_events, 2) == ["patient_updated", "payment_created"]


def test_reckoned_figures_are_told_by_switch_only(
    sandbox: Sandbox, all_events: Listener, books: Books
) -> None:
    sandbox.assume(figures_send_events="yes")
    invoice, payment = books.invoice((900, 0)), books.payment(500)
    books.apply(payment, invoice, 100)
    told = told_by(all_events, 7)
    assert told.count("patient_updated") == 2
    assert told.count("payment_updated") == 1
    assert told.count("invoice_updated") == 0


def test_what_was_refused_is_not_told(all_events: Listener, books: Books) -> None:
    assert books.adjust(books.payment(500), 900, voided=False).status == 422
    assert books.api.call("GET", "/patients").status == 200
    books.change("patient", books.patient, city="X")
    assert told_by(all_events, 2) == ["patient_updated", "payment_created"]


def test_only_what_was_registered_for_is_told(api: Caller, books: Books, listener: Listener) -> None:
    made = api.create("endpoint", url=listener.url, registered_webhooks=["doctor_created"])
    api.create("patient", **LUIGI, enterprise_id=books.enterprise)
    api.create("doctor", **LUIGI, enterprise_id=books.enterprise)
    assert told_by(listener, 1) == ["doctor_created"]
    api.call("PUT", f"/endpoints/{made['id']}", {"endpoint": {"registered_webhooks": ["patient_updated"]}})
    api.create("doctor", **LUIGI, enterprise_id=books.enterprise)
    books.change("patient", books.patient, city="X")
    assert told_by(listener, 2) == ["doctor_created", "patient_updated"]


def test_nobody_is_told_of_another_accounts_records(
    sandbox: Sandbox, books: Books, listener: Listener
) -> None:
    stranger = Caller(sandbox.url, basic(sandbox.admin("POST", "keys", {"account": "other"})["api_key"]))
    stranger.create("endpoint", url=listener.url, registered_webhooks=["patient_updated"])
    books.change("patient", books.patient, city="X")
    assert sandbox.admin("GET", "events")["events"] == []


def test_without_an_endpoint_nothing_is_kept(sandbox: Sandbox, books: Books) -> None:
    books.invoice((100, 0))
    assert sandbox.admin("GET", "events")["events"] == []


def test_event_ids_rise_and_instants_are_true(all_events: Listener, books: Books) -> None:
    for city in ("A", "B", "C"):
        books.change("patient", books.patient, city=city)
    events = sorted((one.event for one in all_events.await_number(3)), key=lambda one: int(one["id"]))
    assert [one["event_data"]["object"]["city"] for one in events] == ["A", "B", "C"]
    assert len({one["id"] for one in events}) == 3
    told = datetime.fromisoformat(events[0]["created_at"])
    changed = datetime.fromisoformat(events[0]["event_data"]["object"]["updated_at"])
    assert abs((told - changed).total_seconds()) < 1
