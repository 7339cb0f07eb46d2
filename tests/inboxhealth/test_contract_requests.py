"""What we send is held to the contract before it leaves: the vendor's examples pass, what breaks it not."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.inboxhealth.client import Client
from integrations.inboxhealth.errors import InvalidRequest
from integrations.inboxhealth.operations import OPERATIONS, Operation
from integrations.inboxhealth.prepare import body_bytes
from tests.inboxhealth.conftest import ListJournal, vendor_examples

EXAMPLES: list[dict[str, Any]] = vendor_examples().get("requests", [])


def operation_of(method: str, path: str) -> Operation:
    """The row of the table that a vendor's request belongs to; a plain path before one with an id."""
    plain = urlsplit(path).path.removeprefix("/partner/v2").rstrip("/")
    rows = [row for row in OPERATIONS.values() if row.verb == method]
    exact = [row for row in rows if row.path == plain]
    return (exact or [row for row in rows if re.fullmatch(row.path.replace("{id}", r"\d+"), plain)])[0]


@pytest.mark.skipif(not EXAMPLES, reason="VENDOR_EXAMPLES names no file")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['method']} {example['path']}")
def test_the_vendors_example_is_in_the_table_and_can_be_sent(example: dict[str, Any]) -> None:
    operation = operation_of(example["method"], example["path"])
    ids = re.findall(r"/(\d+)", example["path"])
    client = Client("http://127.0.0.1:1/partner/v2", None, ListJournal())
    request = client.prepare(
        operation.name,
        path={"id": ids[0]} if "{id}" in operation.path else {},
        query=dict(parse_qsl(urlsplit(example["path"]).query)),
        body=example["body"],
    )
    assert urlsplit(request.url).path == urlsplit(example["path"]).path.rstrip("/")
    assert request.method == example["method"]


PERSON = {"enterprise_id": 1, "first_name": "Ed", "last_name": "Edison"}
CHARGE, AMOUNT = "total_charge_amount_cents", "expected_amount_cents"
TYPES, INSIDE, NAN = "registered_webhooks", "practices_attributes", float("nan")
LINE = {"invoice_id": 1, "description": "Visit", CHARGE: 100}


@pytest.mark.parametrize(
    ("operation", "body", "attribute"),
    [
        ("patients.create", {"patient": PERSON | {"first_nme": "Ed"}}, "patient.first_nme"),
        ("patients.create", {"patient": {"enterprise_id": 1, "first_name": "Ed"}}, "patient.last_name"),
        ("patients.create", {"patient": PERSON | {"first_name": "  "}}, "patient.first_name"),
        ("patients.create", {"patient": PERSON | {"enterprise_id": "1"}}, "patient.enterprise_id"),
        ("patients.create", {"patient": PERSON | {"enterprise_id": True}}, "patient.enterprise_id"),
        ("patients.create", {"patient": PERSON | {"date_of_birth": "10/07/1987"}}, "patient.date_of_birth"),
        ("patients.create", {"patient": PERSON | {"date_of_birth": "1987-02-30"}}, "patient.date_of_birth"),
        ("patients.create", {"patient": PERSON | {"date_of_birth": "1987-W07-1"}}, "patient.date_of_birth"),
        ("patients.create", {"patient": PERSON | {"ssn": "111-11-44"}}, "patient.ssn"),
        ("patients.create", {"patient": PERSON | {"cell_phone": "ask her"}}, "patient.cell_phone"),
        ("patients.create", {"patient": PERSON | {"primary": "yes"}}, "patient.primary"),
        ("patients.create", PERSON, "patient"),
        ("patients.create", None, "patient"),
        ("patients.update", {"patient": {"city": "X"}}, "id"),
        ("patients.get", {"id": 1}, "body"),
        ("line_items.create", {"line_item": LINE | {CHARGE: 99.5}}, f"line_item.{CHARGE}"),
        ("line_items.create", {"line_item": LINE | {CHARGE: "100"}}, f"line_item.{CHARGE}"),
        ("payments.create", {"payment": {"patient_id": 1, "amount_cents": 5}}, "payment.amount_cents"),
        ("payments.update", {"id": 1, "payment": {AMOUNT: 5}}, f"payment.{AMOUNT}"),
        ("endpoints.create", {"endpoint": {"url": "inboxhealth.com", TYPES: ["x"]}}, "endpoint.url"),
        ("endpoints.create", {"endpoint": {"url": "https://a.b", TYPES: []}}, f"endpoint.{TYPES}"),
        ("enterprises.create", {"enterprise": {"name": "A", "sales_tax": NAN}}, "enterprise.sales_tax"),
        ("enterprises.create", {"enterprise": {"name": "A", INSIDE: [{"x": 1}]}}, f"enterprise.{INSIDE}.0.x"),
    ],
)  # fmt: skip
def test_a_body_that_breaks_the_contract_is_refused(
    operation: str, body: dict[str, Any] | None, attribute: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        body_bytes(OPERATIONS[operation], body)
    assert attribute in refused.value.attributes


def test_a_refusal_names_attributes_and_no_value() -> None:
    body = {"patient": PERSON | {"ssn": "111-11-444x", "first_name": 4711, "city": "\ud800secret"}}
    with pytest.raises(InvalidRequest) as refused:
        body_bytes(OPERATIONS["patients.create"], body)
    told = repr(refused.value) + str(refused.value) + repr(refused.value.evidence)
    assert "ssn" in told
    for value in ("111-11", "4711", "secret", "Edison"):
        assert value not in told
    assert refused.value.__context__ is None


def test_an_update_carries_only_what_changes_and_may_empty_it() -> None:
    body = {"id": 7, "patient": {"secondary_phone": None}}
    assert body_bytes(OPERATIONS["patients.update"], body) == b'{"id":7,"patient":{"secondary_phone":null}}'


def test_what_stands_beside_the_root_key_is_taken() -> None:
    invoice = {"patient_id": 1, "practice_id": 1, "date_of_service": "2026-01-31"}
    assert body_bytes(OPERATIONS["invoices.create"], {"email": "ed@edison.com", "invoice": invoice})
    adjustment = {"voided": True, "payment_adjustment": {"payment_id": 1, "amount_cents": 5000}}
    assert body_bytes(OPERATIONS["payment_adjustments.create"], adjustment)
    payment = {"patient_id": 1, "expected_amount_cents": 5, "payment_method_type": "cash"}
    assert body_bytes(OPERATIONS["payments.quick_pay"], {"invoice": invoice, "payment": payment})


def test_what_only_our_forms_demand_is_left_to_the_api() -> None:
    loose = {"state": "Connecticut", "phone": "203-555-5555", "zip": "0651"}
    assert body_bytes(OPERATIONS["patients.create"], {"patient": PERSON | loose})
    assert body_bytes(
        OPERATIONS["doctors.update"], {"id": 1, "doctor": {"npi": "101010", "soft_delete": "true"}}
    )
