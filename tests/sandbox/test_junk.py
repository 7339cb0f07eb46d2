"""Whatever is sent, the answer is a refusal or a record: never a broken connection, never a 500."""

from __future__ import annotations

import random
from typing import Any

import pytest

from integrations.sandbox.resources import RESOURCES
from tests.sandbox.money import DAY, Books
from tests.sandbox_process import Sandbox

JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1 << 62, 1 << 70, "", "x", "1", "\x00", "é" * 300),
    *([], [None], [[]], [{}], [{"id": []}], [{"id": True}], {}, {"a": {}}),
)
BESIDE = ("email", "invoice_id", "voided")
ATTEMPTS = 40


def good(books: Books) -> dict[str, Any]:
    """Values that fit many attributes, so that junk gets past the first check."""
    code = {"enterprise_id": books.enterprise, "code": "X"}
    return {
        "enterprise_id": books.enterprise,
        "patient_id": books.patient,
        "practice_id": books.practice,
        "invoice_id": books.invoice((500, 0)),
        "payment_id": books.payment(500),
        "write_off_code_id": books.api.create("write_off_code", **code)["id"],
        **dict.fromkeys(("name", "code", "description", "first_name", "last_name"), "X"),
        **dict.fromkeys(("paid_amount_cents", "expected_amount_cents", "amount_cents"), 5),
        "total_charge_amount_cents": 5,
        "payment_method_type": "cash",
        **dict.fromkeys(("date", "date_of_service"), DAY),
        "url": "http://127.0.0.1:9/",
        "registered_webhooks": ["patient_created"],
    }


@pytest.mark.parametrize("name", [one.name for one in RESOURCES.values() if "create" in one.actions])
def test_junk_is_refused_politely(sandbox: Sandbox, books: Books, name: str) -> None:
    resource, dice, fitting = RESOURCES[name], random.Random(name), good(books)
    names = [one.name for one in resource.attributes] + [one.attribute for one in resource.nested]
    statuses = set()
    for _ in range(ATTEMPTS):
        spoilt = dice.sample(names, min(dice.randint(0, 2), len(names)))
        sent = {**fitting, **{one: dice.choice(JUNK) for one in spoilt}}
        beside = {one: dice.choice(JUNK) for one in BESIDE if dice.random() < 0.2}
        body = {**beside, resource.singular: sent}
        statuses.add(books.api.call("POST", f"/{name}", body).status)
    assert 201 in statuses
    assert statuses <= {201, 400, 422}


def test_junk_to_the_operations_of_their_own_is_refused_politely(books: Books) -> None:
    dice, fitting = random.Random(1), good(books)
    for path in ("/payments/quick_pay", "/sftp_uploads/create_import_batch"):
        for _ in range(ATTEMPTS):
            invoice, payment = ({**fitting, dice.choice(list(fitting)): dice.choice(JUNK)} for _ in range(2))
            body = dice.choice(({"invoice": invoice, "payment": payment}, {**invoice, "filename": "x"}, JUNK))
            assert books.api.call("POST", path, body).status in {201, 400, 422}
