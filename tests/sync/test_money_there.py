"""Money made at Inbox Health comes in below its patient, changes the balance, and is to be posted once."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Invoice, InvoicePayment, LineItem, Patient, Payment, WriteOff
from partnerportal.sync.models import PullPart, ReceivedPayment
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.sync.scene import call, make, pull, tie


@pytest.fixture
def ada(stage: Stage) -> Patient:
    elm = make_enterprise()
    tie(stage, elm)
    practice = make_practice(elm)
    tie(stage, practice)
    row = make_patient(elm)
    tie(stage, row)
    return row


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def visit(stage: Stage, ada: Patient, cents: int = 10_000) -> dict[str, Any]:
    practice = ada.enterprise.practices.get()
    invoice = make(
        stage, "invoices", patient_id=ada.remote_id, practice_id=practice.remote_id,
        date_of_service="2026-11-02",
    )  # fmt: skip
    make(
        stage, "line_items", invoice_id=invoice["id"], description="Visit", service_code="99213",
        total_charge_amount_cents=cents,
    )  # fmt: skip
    return invoice


def pay(stage: Stage, ada: Patient, cents: int, **more: Any) -> dict[str, Any]:
    values = {"patient_id": ada.remote_id, "expected_amount_cents": cents, "apply_payment": False}
    return make(stage, "payments", **{**values, "payment_method_type": "card", **more})


def test_a_payment_made_there_comes_in_and_is_to_be_posted(stage: Stage, ada: Patient) -> None:
    made = pay(stage, ada, 2_500)
    pull(stage)
    payment = Payment.objects.get(remote_id=made["id"])
    assert (payment.patient_id, payment.amount_cents, payment.method) == (ada.pk, 2_500, "card")
    assert payment.sync_state == "in_sync"
    received = ReceivedPayment.objects.get()
    assert (received.payment_id, received.enterprise_id, received.posting_id) == (
        payment.pk, ada.enterprise_id, None,
    )  # fmt: skip
    assert Entry.objects.filter(action="payment_received", patient=ada.pk).exists()
    pull(stage)
    assert Payment.objects.count() == 1


def test_a_visit_its_lines_and_what_is_applied_make_the_balance_that_is_there(
    stage: Stage, ada: Patient
) -> None:
    invoice = visit(stage, ada)
    payment = pay(stage, ada, 2_500)
    make(
        stage, "invoice_payments", payment_id=payment["id"], invoice_id=invoice["id"], paid_amount_cents=1_000
    )
    pull(stage)
    assert Invoice.objects.get().remote_id == invoice["id"]
    assert LineItem.objects.get().total_charge_amount_cents == 10_000
    assert InvoicePayment.objects.get().amount_cents == 1_000
    pull(stage)
    row = fresh(ada)
    assert (row.balance_cents, row.balance_there_cents, row.balance_gap_cents) == (7_500, 7_500, 0)


def test_a_new_line_there_is_found_with_its_invoice(stage: Stage, ada: Patient) -> None:
    invoice = visit(stage, ada)
    pull(stage)
    make(stage, "line_items", invoice_id=invoice["id"], description="Test", total_charge_amount_cents=500)
    pull(stage)
    assert LineItem.objects.count() == 2
    assert fresh(ada).balance_cents == 10_500


def test_a_write_off_there_comes_in_with_its_code(stage: Stage, ada: Patient) -> None:
    code = make(stage, "write_off_codes", enterprise_id=ada.enterprise.remote_id, code="044")
    make(
        stage, "write_offs", patient_id=ada.remote_id, write_off_code_id=code["id"], date="2026-11-03",
        amount_cents=700,
    )  # fmt: skip
    pull(stage)
    assert WriteOff.objects.get().amount_cents == 700
    assert fresh(ada).balance_cents == -700


def test_a_payment_of_our_own_that_is_being_sent_is_not_taken_for_a_new_one(
    stage: Stage, ada: Patient
) -> None:
    """Seen there before its answer is in, it would come twice."""
    ours = Payment(patient=ada, amount_cents=2_500, method="cash")
    ours.save()
    Delivery.objects.create(
        noun="payment", record_id=ours.pk, account_pk=ada.pk, enterprise=ada.enterprise, state="in_flight",
        lane="bulk", key=stage.key, actor="user:ola", origin="console", correlation_id="x",
    )  # fmt: skip
    pay(stage, ada, 2_500, payment_method_type="cash")
    pull(stage)
    assert Payment.objects.count() == 1


def test_a_payment_of_somebody_who_is_not_here_is_left_alone(stage: Stage, ada: Patient) -> None:
    stranger = make(
        stage, "patients", enterprise_id=ada.enterprise.remote_id, first_name="Zoe", last_name="Zander"
    )
    make(
        stage, "payments", patient_id=stranger["id"], expected_amount_cents=100, payment_method_type="cash",
        apply_payment=False,
    )  # fmt: skip
    pull(stage)
    assert not Payment.objects.exists()


def test_a_void_there_is_followed(stage: Stage, ada: Patient) -> None:
    made = pay(stage, ada, 2_500)
    pull(stage)
    about = {"payment_id": made["id"], "amount_cents": 2_500}
    call(stage, "POST", "payment_adjustments", {"voided": True, "payment_adjustment": about})
    pull(stage)
    assert Payment.objects.get().voided
    assert fresh(ada).balance_cents == 0


def test_lines_count_as_read_whole_once_no_invoice_waits_for_its_turn(
    stage: Stage, ada: Patient, settings: Any
) -> None:
    settings.PULL_SLICE_PAGES = 1
    for _ in range(2):
        visit(stage, ada)
    pull(stage, full=False)
    assert PullPart.objects.get(noun="line_item").round_ended_at is None
    settings.PULL_SLICE_PAGES = 5
    pull(stage, full=False)
    assert PullPart.objects.get(noun="line_item").round_ended_at is not None
