"""A payment's page and what is done from it: applied, changed, refunded, voided, dropped, deleted."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import InvoicePayment, Patient, Payment, PaymentAdjustment
from partnerportal.records.paying import take_back
from tests.console.cast import signed_in
from tests.console.money.payer import owes, payment, visit
from tests.console.sending.scene import delivery, service_key

pytestmark = pytest.mark.django_db


def test_it_says_what_it_is_applied_to_and_what_is_left(operator: Staff, ed: Patient) -> None:
    invoice = visit(ed, 4_000)
    paid = payment(ed, 6_000)
    signed_in(operator).post(reverse("payment_apply", args=[paid.pk]), {"how": "oldest"})
    page = signed_in(operator).get(reverse("admin:records_payment_change", args=[paid.pk])).content.decode()
    assert f"I-{invoice.pk}" in page
    for figure in ("$60.00", "$40.00", "$20.00"):
        assert figure in page
    assert Entry.objects.filter(action="payment_applied").count() == 1


def test_the_spread_is_shown_before_it_is_applied(operator: Staff, ed: Patient) -> None:
    visit(ed, 4_000)
    paid = payment(ed, 6_000)
    page = signed_in(operator).get(reverse("payment_apply", args=[paid.pk])).content.decode()
    assert "$40.00" in page
    assert "$20.00 stays unapplied." in page


def test_more_than_is_left_is_refused_in_words(operator: Staff, ed: Patient) -> None:
    visit(ed, 4_000)
    big = visit(ed, 9_000, day=date(2026, 11, 9))
    paid = payment(ed, 5_000)
    fields = {"how": "one", "invoice": big.pk, "cents": "60"}
    answer = signed_in(operator).post(reverse("payment_apply", args=[paid.pk]), fields)
    assert answer.status_code == 422
    assert "$60.00 is more than the $50.00 left of this payment." in answer.content.decode()


def test_applying_sent_twice_from_one_page_applies_once(operator: Staff, ed: Patient) -> None:
    invoice = visit(ed, 9_000)
    paid = payment(ed, 5_000)
    fields = {"how": "one", "invoice": invoice.pk, "cents": "20", "known": "0"}
    for _ in range(2):
        answer = signed_in(operator).post(reverse("payment_apply", args=[paid.pk]), fields)
    assert InvoicePayment.objects.get().amount_cents == 2_000
    assert "while this page was open" in answer.content.decode()


def test_a_plan_names_money_as_people_do(operator: Staff, ed: Patient) -> None:
    adjustment = take_back(payment(ed, 5_000, sent=901), 1_000, void=False)
    fields = {"noun": "payment_adjustment", "pk": adjustment.pk}
    page = signed_in(operator).post(reverse("push_record"), fields, follow=True).content.decode()
    assert "Push 1 payment adjustment" in page
    assert "Push payment_adjustment" not in page


def test_what_is_applied_can_be_lowered_to_nothing(operator: Staff, ed: Patient) -> None:
    service_key()
    paid = payment(ed, 4_000, visit(ed, 4_000), sent=901)
    part = InvoicePayment.objects.get()
    answer = signed_in(operator).post(
        reverse("application_change", args=[part.pk]), {"amount": "0", "push": "1"}
    )
    assert answer["Location"] == reverse("balance", args=[ed.pk])
    part.refresh_from_db()
    assert part.amount_cents == 0
    assert owes(ed) == 0  # what is unapplied counts as the patient's credit
    assert Delivery.objects.filter(noun="invoice_payment", record_id=part.pk).exists()
    assert paid.pk


def test_what_was_never_sent_is_taken_back_here(operator: Staff, ed: Patient) -> None:
    payment(ed, 4_000, visit(ed, 4_000))
    part = InvoicePayment.objects.get()
    signed_in(operator).post(reverse("application_drop", args=[part.pk]))
    assert not InvoicePayment.objects.exists()
    assert Entry.objects.filter(action="application_dropped").exists()


def test_a_refund_says_that_no_balance_changes_and_is_sent_at_once(operator: Staff, ed: Patient) -> None:
    service_key()
    paid = payment(ed, 5_000, visit(ed, 14_956), sent=901)
    client, address = signed_in(operator), reverse("payment_refund", args=[paid.pk])
    asks = client.post(address, {"amount": "10", "known": "0"}).content.decode()
    assert "The payment becomes partially refunded. The balance stays $99.56" in asks
    assert not PaymentAdjustment.objects.exists()
    client.post(address, {"amount": "10", "known": "0", "confirm": "1"})
    made = PaymentAdjustment.objects.get()
    assert (made.amount_cents, made.void) == (1_000, False)
    assert Delivery.objects.filter(noun="payment_adjustment", record_id=made.pk).exists()
    assert owes(ed) == 9_956


def test_a_refund_sent_twice_from_one_page_is_asked_once(operator: Staff, ed: Patient) -> None:
    service_key()
    paid = payment(ed, 5_000, sent=901)
    for _ in range(2):
        answer = signed_in(operator).post(
            reverse("payment_refund", args=[paid.pk]), {"amount": "10", "known": "0", "confirm": "1"}
        )
    assert PaymentAdjustment.objects.count() == 1
    assert "while this page was open" in answer.content.decode()


def test_a_void_says_what_is_owed_then(operator: Staff, ed: Patient) -> None:
    service_key()
    paid = payment(ed, 5_000, visit(ed, 14_956), sent=901)
    address = reverse("payment_void", args=[paid.pk])
    page = signed_in(operator).get(address).content.decode()
    assert "The whole $50.00 is voided and Ed Edison owes $149.56 instead of $99.56." in page
    signed_in(operator).post(address, {"amount": "50", "known": "0", "confirm": "1"})
    assert PaymentAdjustment.objects.get().void
    assert Entry.objects.filter(action="payment_void_asked").exists()


def test_a_void_of_a_credit_says_that_the_credit_goes(operator: Staff, ed: Patient) -> None:
    visit(ed, 3_000)
    paid = payment(ed, 5_000, sent=901)
    page = signed_in(operator).get(reverse("payment_void", args=[paid.pk])).content.decode()
    assert "Ed Edison owes $30.00 instead of $20.00 credit." in page


def test_what_inbox_health_refused_can_be_dropped(operator: Staff, ed: Patient) -> None:
    paid = payment(ed, 5_000, sent=901)
    adjustment = take_back(paid, 1_000, void=False)
    delivery(adjustment, "failed", reason="validation", account_pk=ed.pk, needs_person_since=timezone.now())
    signed_in(operator).post(reverse("adjustment_drop", args=[adjustment.pk]))
    assert not PaymentAdjustment.objects.exists()
    assert Delivery.objects.get().state == "cancelled"


def test_one_on_its_way_is_not_dropped(operator: Staff, ed: Patient) -> None:
    adjustment = take_back(payment(ed, 5_000, sent=901), 1_000, void=False)
    delivery(adjustment, "in_flight", account_pk=ed.pk)
    signed_in(operator).post(reverse("adjustment_drop", args=[adjustment.pk]))
    assert PaymentAdjustment.objects.exists()


def test_one_that_was_never_sent_is_deleted_with_what_it_was_applied_to(operator: Staff, ed: Patient) -> None:
    paid = payment(ed, 4_000, visit(ed, 4_000))
    signed_in(operator).post(reverse("admin:records_payment_delete", args=[paid.pk]))
    assert not Payment.objects.exists()
    assert owes(ed) == 4_000
    assert Entry.objects.filter(action="payment_deleted").exists()


def test_one_that_is_there_is_not_deleted_here(operator: Staff, ed: Patient) -> None:
    paid = payment(ed, 4_000, sent=901)
    signed_in(operator).post(reverse("admin:records_payment_delete", args=[paid.pk]))
    assert Payment.objects.exists()


def test_its_words_can_be_changed(operator: Staff, ed: Patient) -> None:
    paid = payment(ed, 4_000)
    signed_in(operator).post(
        reverse("admin:records_payment_edit", args=[paid.pk]),
        {"description": "Lockbox", "paid_on": "11/3/2026"},
    )
    paid.refresh_from_db()
    assert (paid.description, paid.paid_on) == ("Lockbox", date(2026, 11, 3))


@pytest.mark.parametrize("act", ["payment_apply", "payment_refund", "payment_void"])
def test_an_auditor_and_an_outsider_can_do_none_of_it(
    auditor: Staff, outsider: Staff, ed: Patient, act: str
) -> None:
    address = reverse(act, args=[payment(ed, 5_000, sent=901).pk])
    assert signed_in(auditor).get(address).status_code == 403
    assert signed_in(outsider).get(address).status_code == 404


def test_an_auditor_sees_the_payment_and_no_button(auditor: Staff, ed: Patient) -> None:
    paid = payment(ed, 5_000, sent=901)
    page = signed_in(auditor).get(f"/records/payment/{paid.pk}/change/").content.decode()
    assert "$50.00" in page
    for word in ("Refund…", "Void…", "Apply…", "Edit<", "Push…"):
        assert word not in page


def test_the_short_address_leads_to_it(operator: Staff, outsider: Staff, ed: Patient) -> None:
    paid = payment(ed, 5_000)
    assert signed_in(operator).get(f"/PAY-{paid.pk}")["Location"] == f"/records/payment/{paid.pk}/change/"
    assert signed_in(outsider).get(f"/PAY-{paid.pk}").status_code == 404
