"""The codes of an enterprise: added once, edited where the API allows it, pushed by a plan."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.records.models import AccountType, Enterprise, Patient, PaymentReason, WriteOffCode
from tests.console.cast import signed_in
from tests.console.money.payer import owes, visit
from tests.console.sending.scene import service_key

pytestmark = pytest.mark.django_db


def test_each_kind_is_added(operator: Staff, north: Enterprise) -> None:
    client = signed_in(operator)
    for noun, fields in {
        "payment_reason": {"code": "CO-3", "description": "Co-payment"},
        "write_off_code": {"code": "044", "description": "Debt forgiveness"},
        "account_type": {"name": "No statements"},
    }.items():
        said = {f"{noun}-{name}": value for name, value in fields.items()}
        client.post(reverse("code_add", args=[north.pk, noun]), said)
    page = client.get(reverse("codes", args=[north.pk])).content.decode()
    for text in ("CO-3", "044", "No statements", "Only here so far."):
        assert text in page
    assert Entry.objects.filter(action__endswith="_added").count() == 3


def test_a_code_is_said_once_an_enterprise(operator: Staff, north: Enterprise, south: Enterprise) -> None:
    PaymentReason.objects.create(enterprise=north, code="CO-3")
    fields = {"payment_reason-code": "CO-3"}
    answer = signed_in(operator).post(reverse("code_add", args=[north.pk, "payment_reason"]), fields)
    assert answer.status_code == 422
    assert "This enterprise has “CO-3” already." in answer.content.decode()
    signed_in(operator).post(reverse("code_add", args=[south.pk, "payment_reason"]), fields)
    assert PaymentReason.objects.count() == 2


def test_a_reason_that_is_there_is_edited_and_pushed(operator: Staff, north: Enterprise) -> None:
    service_key()
    reason = PaymentReason.objects.create(enterprise=north, code="CO-3", remote_id=77)
    address = reverse("code_edit", args=[north.pk, "payment_reason", reason.pk])
    signed_in(operator).post(address, {"payment_reason-code": "CO-3", "payment_reason-description": "Co-pay"})
    reason.refresh_from_db()
    assert (reason.description, reason.version) == ("Co-pay", 2)
    answer = signed_in(operator).post(reverse("codes_push", args=[north.pk, "payment_reason"]), follow=True)
    assert "Push 1 payment reason" in answer.content.decode()


def test_a_write_off_code_that_is_there_stays_as_it_is(operator: Staff, north: Enterprise) -> None:
    code = WriteOffCode.objects.create(enterprise=north, code="044", remote_id=78)
    address = reverse("code_edit", args=[north.pk, "write_off_code", code.pk])
    signed_in(operator).post(address, {"write_off_code-code": "045"})
    code.refresh_from_db()
    assert code.code == "044"
    assert address not in signed_in(operator).get(reverse("codes", args=[north.pk])).content.decode()


def test_one_in_use_is_not_deleted(operator: Staff, ed: Patient) -> None:
    kind = AccountType.objects.create(enterprise=ed.enterprise, name="No statements")
    ed.account_type = kind
    ed.save()
    answer = signed_in(operator).post(
        reverse("code_delete", args=[ed.enterprise_id, "account_type", kind.pk]), follow=True
    )
    assert "is in use and stays" in answer.content.decode()


def test_a_patients_account_type_is_chosen_in_their_form_and_shown(operator: Staff, ed: Patient) -> None:
    kind = AccountType.objects.create(enterprise=ed.enterprise, name="No statements")
    page = signed_in(operator).get(reverse("admin:records_patient_edit", args=[ed.pk])).content.decode()
    assert "No statements" in page
    signed_in(operator).post(
        reverse("admin:records_patient_edit", args=[ed.pk]), {"account_type": kind.pk, "was-account_type": ""}
    )
    ed.refresh_from_db()
    assert ed.account_type == kind
    shown = signed_in(operator).get(reverse("admin:records_patient_change", args=[ed.pk])).content.decode()
    assert "No statements" in shown


def test_an_auditor_reads_and_an_outsider_sees_nothing(
    auditor: Staff, outsider: Staff, north: Enterprise
) -> None:
    page = signed_in(auditor).get(reverse("codes", args=[north.pk]))
    assert page.status_code == 200
    assert "Add payment reason" not in page.content.decode()
    add = reverse("code_add", args=[north.pk, "payment_reason"])
    assert signed_in(auditor).post(add, {"payment_reason-code": "X"}).status_code == 403
    assert signed_in(outsider).post(add, {"payment_reason-code": "X"}).status_code == 404


def test_a_write_off_says_the_balance_before_and_after(operator: Staff, ed: Patient) -> None:
    visit(ed, 10_000)
    code = WriteOffCode.objects.create(enterprise=ed.enterprise, code="044", description="Debt forgiveness")
    client, address = signed_in(operator), reverse("write_off", args=[ed.pk])
    assert "Ed Edison owes $100.00 now, and $0.00 after it." in client.get(address).content.decode()
    fields = {"code": code.pk, "amount": "30", "day": "11/20/2026", "known": "0"}
    shown = client.post(address, {**fields, "preview": "1"}).content.decode()
    assert "Ed Edison owes $100.00 now, and $70.00 after it." in shown
    for _ in range(2):
        twice = client.post(address, fields)
    assert owes(ed) == 7_000
    assert "while this page was open" in twice.content.decode()
    assert Entry.objects.filter(action="write_off_recorded", patient=ed.pk).count() == 1
