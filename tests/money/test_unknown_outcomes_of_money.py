"""An answer is lost: what was sent is looked for, and sent again only where it is not there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.records.billing import Charge, add_line
from partnerportal.records.models import Patient, WriteOffCode
from partnerportal.records.paying import Taken, apply_to, take_back, take_payment, write_off
from partnerportal.sync import pulling
from partnerportal.sync.services import request_pull
from tests.cast import Stage
from tests.money.accounts import DAY, agreed, billed_patient, push, visit

CREATES = {
    "invoices": 9_000,
    "line_items": 16_500,
    "payments": -4_000,
    "invoice_payments": 5_000,
    "write_offs": -700,
    "write_off_codes": -700,
}


def _enter(stage: Stage, resource: str, patient: Patient) -> Any:
    """The row whose create goes wrong; all before it is sent."""
    if resource in ("invoices", "line_items", "invoice_payments"):
        invoice = visit(patient, Charge("Office visit", 10_000, covered=1_000))
        if resource == "invoices":
            return invoice
        push(stage, invoice)
        if resource == "line_items":
            return add_line(invoice, Charge("X-ray", 7_500))
        payment = take_payment(patient, Taken(4_000, "cash"))
        push(stage, payment)
        return apply_to(payment, invoice, 4_000)
    if resource == "payments":
        return take_payment(patient, Taken(4_000, "cash"))
    code = WriteOffCode(enterprise=patient.enterprise, code="044", description="Forgiven")
    code.save()
    return write_off(patient, code, 700, DAY)


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
@pytest.mark.parametrize("resource", CREATES)
def test_a_lost_answer_makes_no_amount_twice(stage: Stage, resource: str, kind: str) -> None:
    patient = billed_patient()
    row = _enter(stage, resource, patient)
    before = len(stage.there(resource))
    stage.sandbox.fault(kind=kind, operation=f"{resource}.create", count=1)
    push(stage, row)
    assert len(stage.there(resource)) == before + 1
    assert not Delivery.objects.filter(needs_person_since__isnull=False).exists()
    assert agreed(stage, patient) == CREATES[resource]


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
@pytest.mark.parametrize("void", [True, False])
def test_a_lost_refund_or_void_shows_on_its_payment(stage: Stage, void: bool, kind: str) -> None:
    patient = billed_patient()
    payment = take_payment(patient, Taken(4_000, "cash"))
    push(stage, payment)
    stage.sandbox.fault(kind=kind, operation="payment_adjustments.create", count=1)
    taken_back = take_back(payment, 4_000 if void else 1_500, void=void)
    push(stage, taken_back)
    assert len(stage.there("payment_adjustments")) == 1
    taken_back.refresh_from_db()
    assert taken_back.sync_state == "in_sync"
    assert taken_back.seen_on_payment == (kind == "drop_after")
    assert agreed(stage, patient) == (0 if void else -4_000)


def test_a_refund_that_somebody_else_may_have_made_goes_to_a_person(stage: Stage) -> None:
    patient = billed_patient()
    payment = take_payment(patient, Taken(4_000, "cash"))
    push(stage, payment)
    payment.refresh_from_db()
    stage.sandbox.admin(
        "POST",
        "records/payment_adjustments",
        {"payment_id": payment.remote_id, "amount_cents": 200},
    )
    stage.sandbox.fault(kind="drop_before", operation="payment_adjustments.create", count=1)
    push(stage, take_back(payment, 1_500, void=False))
    assert Delivery.objects.get(needs_person_since__isnull=False).noun == "payment_adjustment"


def test_equal_payments_of_one_patient_are_never_in_flight_together(stage: Stage) -> None:
    patient = billed_patient()
    both = [take_payment(patient, Taken(4_000, "cash")) for _ in range(2)]
    stage.sandbox.fault(kind="drop_after", operation="payments.create", count=1)
    push(stage, *both)
    assert len(stage.there("payments")) == 2
    assert {p.remote_id for p in type(both[0]).objects.all()} == {r["id"] for r in stage.there("payments")}
    assert agreed(stage, patient) == -8_000


def test_a_person_says_that_a_void_was_done(stage: Stage, client: Client) -> None:
    patient = billed_patient()
    payment = take_payment(patient, Taken(4_000, "cash"))
    push(stage, payment)
    payment.refresh_from_db()
    adjusted = {"payment_id": payment.remote_id, "amount_cents": 200}
    stage.sandbox.admin("POST", "records/payment_adjustments", adjusted)
    stage.sandbox.fault(kind="drop_before", operation="payment_adjustments.create", count=1)
    push(stage, take_back(payment, 1_500, void=False))
    delivery = Delivery.objects.get(needs_person_since__isnull=False)
    client.force_login(stage.operator)
    page = client.get(f"/sending/deliveries/{delivery.pk}/decide/")
    assert "$15.00 of it was refunded" in page.content.decode()
    client.post(f"/sending/deliveries/{delivery.pk}/decide/", {"choice": "done"})
    payment.refresh_from_db()
    assert payment.refunded_cents == 1_500
    assert payment.adjustments.get().sync_state == "in_sync"


def test_a_lost_refund_that_a_pull_has_read_meanwhile_is_not_sent_again(stage: Stage) -> None:
    patient = billed_patient()
    payment = take_payment(patient, Taken(4_000, "cash"))
    push(stage, payment)
    stage.sandbox.fault(kind="drop_after", operation="payment_adjustments.create", count=1)
    request_push(stage.context, take_back(payment, 1_000, void=False))
    stage.run(until=lambda: Delivery.objects.filter(state="unknown").exists())
    request_pull(stage.context, full=True)
    pulling.drive(20)
    stage.run()
    assert [row["amount_cents"] for row in stage.there("payment_adjustments")] == [1_000]
    payment.refresh_from_db()
    assert payment.refunded_cents == 1_000
