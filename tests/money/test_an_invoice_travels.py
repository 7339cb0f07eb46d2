"""An invoice goes out with its lines in one request, they are read back, and both sides agree."""

from __future__ import annotations

from partnerportal.delivery.models import Delivery
from partnerportal.records.billing import Charge, Taken, add_line, change_line
from partnerportal.records.models import InvoicePayment, Payment
from partnerportal.records.paying import apply_to, take_back, take_payment
from tests.cast import Stage
from tests.money.accounts import agreed, billed_patient, ours, push, visit

OFFICE = Charge("Office visit", 10_000, service_code="99213", covered=1_000)


def test_an_invoice_goes_out_with_its_lines_after_its_parents(stage: Stage) -> None:
    patient = billed_patient()
    invoice = visit(patient, OFFICE, Charge("Test strip", 250, quantity=2, tax=30))
    push(stage, invoice)
    created = [r for r in stage.sandbox.requests() if r["method"] == "POST"]
    assert [r["path"].rstrip("/").rpartition("/")[2] for r in created] == [
        "enterprises",
        "patients",
        "invoices",
    ]
    assert len(stage.there("line_items")) == 2
    assert {line.sync_state for line in invoice.lines.all()} == {"in_sync"}
    assert agreed(stage, patient) == 9_000 + 530


def test_a_payment_goes_first_then_what_it_is_applied_to(stage: Stage) -> None:
    patient = billed_patient()
    invoice = visit(patient, OFFICE, taken=[Taken(4_000, "check")])
    payment = Payment.objects.get()
    push(stage, invoice, payment)
    assert InvoicePayment.objects.get().sync_state == "in_sync"
    assert agreed(stage, patient) == 5_000


def test_a_line_added_later_goes_alone(stage: Stage) -> None:
    patient = billed_patient()
    invoice = visit(patient, OFFICE)
    push(stage, invoice)
    push(stage, add_line(invoice, Charge("X-ray", 7_500)))
    assert len(stage.there("line_items")) == 2
    assert agreed(stage, patient) == 16_500


def test_a_changed_line_sends_only_what_changed(stage: Stage) -> None:
    patient = billed_patient()
    invoice = visit(patient, Charge("Office visit", 10_000, insurance_owed=6_000))
    push(stage, invoice)
    assert agreed(stage, patient) == 0
    line = invoice.lines.get()
    push(stage, change_line(line, Charge("Office visit", 10_000, insurance_owed=0)))
    assert stage.sandbox.requests()[-2]["body"].count("insurance_owed") == 1
    assert agreed(stage, patient) == 10_000


def test_a_void_takes_back_what_was_applied(stage: Stage) -> None:
    patient = billed_patient()
    invoice = visit(patient, OFFICE, taken=[Taken(9_000, "cash")])
    payment = Payment.objects.get()
    push(stage, invoice, payment)
    assert agreed(stage, patient) == 0
    push(stage, take_back(payment, 9_000, void=True))
    assert InvoicePayment.objects.get().deleted
    assert agreed(stage, patient) == 9_000


def test_the_worked_example_of_the_contract(stage: Stage) -> None:
    patient = billed_patient()
    invoice = visit(patient, Charge("Surgery", 14_956))
    payment = take_payment(patient, Taken(5_000, "external_card"))
    apply_to(payment, invoice, 5_000)
    push(stage, invoice, payment)
    assert agreed(stage, patient) == 9_956
    push(stage, take_back(payment, 1_000, void=False))
    assert agreed(stage, patient) == 9_956
    assert stage.there("payments")[0]["status"] == "partially refunded"


def test_what_is_not_sent_counts_here_already(stage: Stage) -> None:
    patient = billed_patient()
    visit(patient, OFFICE)
    assert ours(patient) == 9_000
    assert not Delivery.objects.exists()
