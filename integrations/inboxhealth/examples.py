"""An example for every body: it works against the sandbox once its ids are ids of records there.

Owns values only; nobody in them is real. May import operations.
"""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.operations import OPERATIONS, Operation

Json = dict[str, Any]

# Ids as the vendor's guide uses them. Whoever shows an example to try puts ids in that are there.
_CREATE: dict[str, Json] = {
    "enterprises": {
        "name": "Harbor Family Medicine",
        "address_line_1": "12 Harbor Rd",
        "city": "Milford",
        "state": "CT",
        "zip": "06460",
        "support_phone_number": "(203) 555-0100",
        "time_zone": "Eastern Time (US & Canada)",
        "practices_attributes": [{"name": "Main office", "city": "Milford", "state": "CT", "zip": "06460"}],
    },
    "practices": {
        "enterprise_id": 10,
        "name": "Shore office",
        "address_line_1": "4 Shore Ave",
        "city": "Milford",
        "state": "CT",
        "zip": "06460",
        "monday_open": "09:00",
        "monday_close": "17:00",
    },
    "doctors": {"enterprise_id": 10, "first_name": "Lena", "last_name": "Okafor", "npi": "1234567893"},
    "patients": {
        "enterprise_id": 10,
        "first_name": "Nadia",
        "last_name": "Example",
        "date_of_birth": "1984-03-09",
        "sex": "Female",
        "cell_phone": "(203) 555-0142",
        "address_line_1": "8 Cove Ln",
        "city": "Milford",
        "state": "CT",
        "zip": "06460",
        "billing_status": "complete",
    },
    "invoices": {
        "patient_id": 669,
        "practice_id": 13,
        "date_of_service": "2026-11-02",
        "line_items_attributes": [
            {"description": "Office visit", "service_code": "99213", "total_charge_amount_cents": 12000}
        ],
    },
    "line_items": {
        "invoice_id": 501,
        "description": "Throat culture",
        "service_code": "87070",
        "total_charge_amount_cents": 2500,
        "quantity": 1,
    },
    "payments": {
        "patient_id": 669,
        "expected_amount_cents": 2500,
        "payment_method_type": "cash",
        "description": "Paid at the desk",
        "apply_payment": False,
    },
    "invoice_payments": {"payment_id": 301, "invoice_id": 501, "paid_amount_cents": 500},
    "payment_adjustments": {"payment_id": 301, "amount_cents": 500},
    "payment_reasons": {"enterprise_id": 10, "code": "CO-45", "description": "Above the agreed fee"},
    "write_off_codes": {"enterprise_id": 10, "code": "044", "description": "Debt forgiveness"},
    "write_offs": {"patient_id": 669, "date": "2026-11-09", "write_off_code_id": 7, "amount_cents": 500},
    "account_types": {"enterprise_id": 10, "name": "No statements"},
    "attachments": {
        "enterprise_id": 10,
        "category": "statement",
        "mime_type": "application/pdf",
        "size": 2048,
        "display_name": "statement.pdf",
    },
    "endpoints": {
        "url": "https://portal.example.com/webhooks/inbox",
        "registered_webhooks": ["patient_created", "patient_updated"],
    },
}
_UPDATE: dict[str, Json] = {
    "enterprises": {"support_phone_number": "(203) 555-0199"},
    "practices": {"monday_open": "08:30"},
    "doctors": {"specialty": "Family medicine"},
    "patients": {"cell_phone": "(203) 555-0177"},
    "invoices": {"notes": "Second visit"},
    "line_items": {"insurance_owed_amount_cents": 0},
    "payments": {"description": "Paid at the desk, receipt 7"},
    "invoice_payments": {"paid_amount_cents": 400},
    "payment_reasons": {"description": "Above the contract's fee"},
    "account_types": {"name": "No paper statements"},
    "attachments": {"display_name": "statement-november.pdf"},
    "endpoints": {"registered_webhooks": ["patient_created"]},
}
_ALONE: dict[str, Json] = {
    "payments.quick_pay": {
        "invoice": {
            "patient_id": 669,
            "practice_id": 13,
            "date_of_service": "2026-11-02",
            "line_items_attributes": [{"description": "Copay", "total_charge_amount_cents": 2000}],
        },
        "payment": {"patient_id": 669, "expected_amount_cents": 2000, "payment_method_type": "cash"},
    },
    "sftp_uploads.create_import_batch": {
        "filename": "patients.csv",
        "enterprise_id": 10,
        "start": True,
        "delete_file": False,
    },
}
_BESIDE: dict[str, Json] = {"payment_adjustments.create": {"voided": False}}
PATH_ID = 669


def example(operation: Operation) -> Json | None:
    """The whole body, root key included; None for an operation that takes none."""
    if operation.request is None:
        return None
    if operation.name in _ALONE:
        return _ALONE[operation.name]
    if operation.action == "create":
        return {**_BESIDE.get(operation.name, {}), operation.root: _CREATE[operation.resource]}
    return {"id": PATH_ID, operation.root: _UPDATE[operation.resource]}


def with_body() -> list[Operation]:
    """Every operation that takes a body."""
    return [operation for operation in OPERATIONS.values() if operation.request is not None]
