"""Recording a payment: applied with the result shown first, once however often it is sent, in whole cents."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import InvoicePayment, Patient, Payment, PaymentReason
from tests.console.cast import signed_in
from tests.console.money.payer import entered, owes, visit
from tests.console.sending.scene import service_key

pytestmark = pytest.mark.django_db


def test_it_pays_the_oldest_invoice_first(operator: Staff, ed: Patient) -> None:
    new, old = visit(ed, 5_000, day=date(2026, 11, 9)), visit(ed, 4_000, day=date(2026, 10, 1))
    client = signed_in(operator)
    answer = client.post(reverse("record_payment", args=[ed.pk]), entered(client, ed, amount="$60.00"))
    payment = Payment.objects.get()
    assert answer["Location"] == reverse("admin:records_payment_change", args=[payment.pk])
    assert [(p.invoice_id, p.amount_cents) for p in payment.applications.order_by("pk")] == [
        (old.pk, 4_000),
        (new.pk, 2_000),
    ]
    assert owes(ed) == 3_000
    entry = Entry.objects.get(action="payment_recorded")
    assert (entry.actor, entry.record, entry.patient) == ("user:olivia", f"payment:PAY-{payment.pk}", ed.pk)


def test_the_result_is_shown_before_anything_is_saved(operator: Staff, ed: Patient) -> None:
    visit(ed, 5_000)
    client = signed_in(operator)
    fields = entered(client, ed, amount="60")
    for name in ("record_payment", "payment_preview"):
        page = client.post(reverse(name, args=[ed.pk]), {**fields, "preview": "1"}).content.decode()
        assert "$10.00 stays unapplied: the patient’s credit." in page
        assert "Ed Edison will owe $10.00 credit instead of $50.00." in page
    assert not Payment.objects.exists()


def test_a_form_sent_twice_makes_one_payment(operator: Staff, ed: Patient) -> None:
    visit(ed, 5_000)
    client = signed_in(operator)
    fields = entered(client, ed)
    for _ in range(2):
        answer = client.post(reverse("record_payment", args=[ed.pk]), fields, follow=True)
    assert Payment.objects.count() == InvoicePayment.objects.count() == 1
    assert Entry.objects.filter(action="payment_recorded").count() == 1
    assert "was saved from this form already" in answer.content.decode()


def test_more_than_the_invoice_takes_is_refused_at_its_field(operator: Staff, ed: Patient) -> None:
    invoice = visit(ed, 5_000)
    client = signed_in(operator)
    fields = entered(
        client, ed, how="one", invoice=invoice.pk, cents="60", amount="60", description="By mail"
    )
    answer = client.post(reverse("record_payment", args=[ed.pk]), fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "$60.00 is more than the $50.00 open on this invoice." in page
    assert 'value="By mail"' in page
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("sixty", "“sixty” is no amount"),
        ("0", "A payment has to be more than $0.00."),
        ("", "The amount is missing."),
    ],
)
def test_what_is_no_amount_is_said(operator: Staff, ed: Patient, typed: str, said: str) -> None:
    client = signed_in(operator)
    answer = client.post(
        reverse("record_payment", args=[ed.pk]), entered(client, ed, amount=typed, how="none")
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_insurance_that_paid_nothing_needs_a_reason_and_lowers_what_it_owes(
    operator: Staff, ed: Patient
) -> None:
    invoice = visit(ed, 10_000, insurance=6_000)
    assert owes(ed) == 0
    client = signed_in(operator)
    fields = entered(
        client, ed, method="insurance", amount="0", how="one", invoice=invoice.pk, cents="0", settles="on"
    )
    refused = client.post(reverse("record_payment", args=[ed.pk]), fields)
    assert "Say why insurance paid nothing: choose a reason." in refused.content.decode()
    reason = PaymentReason.objects.create(enterprise=ed.enterprise, code="CO-3", description="Co-payment")
    shown = client.post(reverse("payment_preview", args=[ed.pk]), {**fields, "reason": reason.pk})
    assert "$60.00 of it is lowered on the lines" in shown.content.decode()
    client.post(reverse("record_payment", args=[ed.pk]), {**fields, "reason": reason.pk})
    part = InvoicePayment.objects.get()
    assert (part.amount_cents, part.reason) == (0, reason)
    assert invoice.lines.get().insurance_owed_amount_cents == 0
    assert owes(ed) == 10_000


def test_insurance_goes_to_what_waits_for_it(operator: Staff, ed: Patient) -> None:
    waits = visit(ed, 10_000, insurance=6_000)
    visit(ed, 3_000, day=date(2026, 1, 5))
    client = signed_in(operator)
    client.post(reverse("record_payment", args=[ed.pk]), entered(client, ed, method="insurance", amount="60"))
    assert InvoicePayment.objects.get().invoice_id == waits.pk
    assert owes(ed) == 4_000 + 3_000


def test_save_and_push_queues_the_payment_and_leads_to_the_balance(operator: Staff, ed: Patient) -> None:
    service_key()
    visit(ed, 5_000)
    client = signed_in(operator)
    answer = client.post(reverse("record_payment", args=[ed.pk]), {**entered(client, ed), "push": "1"})
    assert answer["Location"] == reverse("balance", args=[ed.pk])
    assert list(Delivery.objects.values_list("noun", "account_pk")) == [("payment", ed.pk)]


def test_a_day_to_come_is_refused(operator: Staff, ed: Patient) -> None:
    client = signed_in(operator)
    fields = entered(client, ed, how="none", paid_on="01/01/2099")
    page = client.post(reverse("record_payment", args=[ed.pk]), fields).content.decode()
    assert "can’t be of a day to come" in page


def test_only_who_may_record_payments_and_sees_the_patient(
    auditor: Staff, outsider: Staff, ed: Patient
) -> None:
    for name in ("record_payment", "payment_preview"):
        address = reverse(name, args=[ed.pk])
        assert signed_in(auditor).post(address).status_code == 403
        assert signed_in(outsider).post(address).status_code == 404


def test_the_only_open_invoice_is_chosen_already(operator: Staff, ed: Patient) -> None:
    one = visit(ed, 5_000)
    page = signed_in(operator).get(reverse("record_payment", args=[ed.pk])).content.decode()
    assert f'<option value="{one.pk}" selected>' in page
    visit(ed, 4_000)
    page = signed_in(operator).get(reverse("record_payment", args=[ed.pk])).content.decode()
    assert f'<option value="{one.pk}" selected>' not in page
