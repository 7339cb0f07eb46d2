"""The table holds every operation of the contract's section 4, and says it as valid OpenAPI."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate

from integrations.inboxhealth.openapi import document
from integrations.inboxhealth.operations import OPERATIONS, SANDBOX_OPERATIONS

# Section 4 of the contract, typed off once more so that a row can't go missing unseen.
SECTION_4 = {
    "enterprises": "list get create update practices patients doctors payment_reasons write_off_codes "
    "billing_cycle_templates admin_organizations deposit_accounts card_readers transfers enterprise_invoices "
    "enterprise_payments enterprise_payment_infos appointment_templates api_integrations",
    "practices": "list get create update delete invoices practice_users users doctors",
    "doctors": "list get create update delete practices invoices shifts",
    "patients": "list get create update invoices payments notifications patient_payment_infos",
    "invoices": "list get create update delete line_items payments invoice_payments notifications",
    "line_items": "get create update delete",
    "payments": "list get create update quick_pay",
    "invoice_payments": "get create update",
    "payment_adjustments": "get create",
    "payment_reasons": "list get create update",
    "write_off_codes": "list get create",
    "write_offs": "list get create",
    "account_types": "list get create update",
    "attachments": "list get create update delete download",
    "endpoints": "list get create update delete",
    "admin_organizations": "list",
    "users": "list",
    "sftp_uploads": "list create_import_batch",
}
VERBS = {
    "create": "POST",
    "update": "PUT",
    "delete": "DELETE",
    "quick_pay": "POST",
    "create_import_batch": "POST",
}


def test_the_table_is_section_4() -> None:
    expected = {f"{noun}.{action}" for noun, actions in SECTION_4.items() for action in actions.split()}
    assert set(OPERATIONS) == expected


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_row_is_consistent(name: str) -> None:
    row = OPERATIONS[name]
    noun, action = name.split(".")
    assert row.name == name
    assert row.verb == VERBS.get(action, "GET")
    assert row.repeatable == (row.verb == "GET") == (not row.writes)
    assert row.path.startswith(f"/{noun}")
    assert not row.path.endswith("/")
    assert (row.request is not None) == (row.verb in ("POST", "PUT"))
    assert row.source.startswith("[D]")
    if row.paged:
        assert row.root == row.resource == row.path.rpartition("/")[2]


def test_no_two_rows_are_the_same_request() -> None:
    assert len({(row.verb, row.path) for row in OPERATIONS.values()}) == len(OPERATIONS)


def test_the_sandboxs_own_row_stands_apart() -> None:
    row = SANDBOX_OPERATIONS["sandbox.generate_key"]
    assert (row.verb, row.path, row.host_root) == ("POST", "/_sandbox/keys", True)
    assert not SANDBOX_OPERATIONS.keys() & OPERATIONS.keys()


def test_the_document_is_valid_openapi_and_leaves_nothing_out() -> None:
    described = document("http://127.0.0.1:8001/partner/v2")
    validate(described)  # type: ignore[arg-type]
    ids = {row["operationId"] for path in described["paths"].values() for row in path.values()}
    assert ids == set(OPERATIONS)
    assert described["openapi"].startswith("3.1")
    patient = described["components"]["schemas"]["PatientRequest"]
    assert patient["additionalProperties"] is False
    assert set(patient["required"]) == {"enterprise_id", "first_name", "last_name"}
    assert not any("default" in attribute for attribute in patient["properties"].values())
