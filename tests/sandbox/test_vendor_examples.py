"""The vendor's own documented requests are taken as they are, ids and unknown places aside.

The file's place comes from VENDOR_EXAMPLES; it is not part of the project.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox.money import Books
from tests.sandbox_process import Sandbox

PLACE = os.environ.get("VENDOR_EXAMPLES", "")
pytestmark = pytest.mark.skipif(not PLACE, reason="VENDOR_EXAMPLES does not name the vendor's examples")
BESIDE = {
    "practices_attributes",
    "line_items_attributes",
    "payment_reasons_invoice_payments_attributes",
    "id",
}
PARENTS = {
    "enterprise_id": "enterprises",
    "patient_id": "patients",
    "practice_id": "practices",
    "doctor_id": "doctors",
    "invoice_id": "invoices",
    "payment_id": "payments",
    "payment_reason_id": "payment_reasons",
    "write_off_code_id": "write_off_codes",
}


def examples() -> list[Any]:
    return list(json.loads(Path(PLACE).read_text())["requests"]) if PLACE else []


def noun_of(example: Any) -> str:
    return re.split(r"[/?]", example["path"])[3]


@pytest.fixture
def ids(api: Caller, enterprise: int, books: Books) -> dict[str, int]:
    """One record of each noun, for the vendor's examples to be about."""
    parent: Any = {"enterprise_id": enterprise}
    code = api.create("write_off_code", **parent, code="X")["id"]
    sent = {"patient_id": books.patient, "date": "2020-01-24", "write_off_code_id": code, "amount_cents": 1}
    invoice, payment = books.invoice((12_000, 0)), books.payment(5_000)
    (line,) = api.ids(f"/invoices/{invoice}/line_items")
    made = {
        "doctors": ("doctor", {**LUIGI, **parent}),
        "payment_reasons": ("payment_reason", {**parent, "code": "CO-1"}),
        "write_offs": ("write_off", sent),
        "attachments": ("attachment", {**parent, "size": 500}),
    }
    return {
        **{noun: api.create(one, **attributes)["id"] for noun, (one, attributes) in made.items()},
        "enterprises": enterprise,
        "practices": books.practice,
        "patients": books.patient,
        "invoices": invoice,
        "line_items": line,
        "payments": payment,
        "invoice_payments": books.apply(payment, invoice, 100),
        "payment_adjustments": books.refund(books.payment(900), 100),
        "write_off_codes": code,
    }


def placed(example: Any, ids: dict[str, int]) -> tuple[str, Any]:
    """The example with real ids in the places of the vendor's."""
    noun = noun_of(example)
    path = re.sub(rf"^/partner/v2/{noun}/\d+", f"/{noun}/{ids.get(noun, 0)}", example["path"])
    text = json.dumps(example["body"])
    for attribute, owner in PARENTS.items():
        text = re.sub(rf'"{attribute}": \d+', f'"{attribute}": {ids[owner]}', text)
    body = json.loads(text)
    for root, attribute, child in (
        ("enterprise", "practices_attributes", "practices"),
        ("invoice", "line_items_attributes", "line_items"),
    ):
        for row in (body or {}).get(root, {}).get(attribute, []):
            row.update({"id": ids[child]} if "id" in row else {})
    return path.removeprefix("/partner/v2"), body


@pytest.mark.parametrize("example", examples(), ids=lambda one: f"{one['method']} {one['path']}")
def test_an_example_is_taken(api: Caller, ids: dict[str, int], example: Any) -> None:
    path, body = placed(example, ids)
    seen = api.call(example["method"], path, body)
    assert seen.status in {200, 201}, seen
    if not path.endswith(("/download", "/create_import_batch")):
        for root, sent in ((root, value) for root, value in (body or {}).items() if isinstance(value, dict)):
            assert sent.keys() - BESIDE <= seen.json[root].keys()


@pytest.mark.skipif(not PLACE, reason="VENDOR_EXAMPLES does not name the vendor's examples")
def test_an_answer_has_the_attributes_of_the_documented_ones(
    sandbox: Sandbox, api: Caller, ids: dict[str, int]
) -> None:
    answers = json.loads(Path(PLACE).read_text())["answers"]
    enterprise = api.get(f"/enterprises/{ids['enterprises']}")["enterprise"]
    documented = answers["POST /partner/v2/enterprises"]["enterprise"]
    assert documented.keys() <= enterprise.keys()
    assert documented["enterprise_plan"].keys() <= enterprise["enterprise_plan"].keys()
    patient = api.get(f"/patients/{ids['patients']}")["patient"]
    assert answers["webhook body"]["event_data"]["object"].keys() - {"object"} <= patient.keys()
    adjustment = api.get(f"/payment_adjustments/{ids['payment_adjustments']}")["payment_adjustment"]
    documented = answers["POST /partner/v2/payment_adjustments"]["payment_adjustment"]
    assert adjustment.keys() == documented.keys()
