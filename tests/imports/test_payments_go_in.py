"""Payments of a file: to the claim they name, over the oldest, or unapplied; and none of them twice."""

from __future__ import annotations

import pytest

from partnerportal.records.imports import services
from partnerportal.records.models import Enterprise, InvoicePayment, Payment, PaymentReason
from tests.imports.conftest import WHO, Bring
from tests.imports.money_files import HEADER, Clinic, open_clinic, problems

CHARGES = (
    HEADER
    + "A-1,C1,10/02/2026,,99213,Office visit,1,100,,\n"
    + "A-1,C2,11/02/2026,,99213,Office visit,1,100,,\n"
    + "B-2,C3,11/02/2026,,99213,Office visit,1,100,,80\n"
)
HEAD = "MRN,Claim,Amount,Payment Method,Date,Check #,Reason Code\n"


@pytest.fixture
def clinic(enterprise: Enterprise, imported: Bring) -> Clinic:
    clinic = open_clinic(enterprise)
    imported(CHARGES, kind="charges")
    return clinic


def balances(clinic: Clinic) -> tuple[int, int]:
    for patient in (clinic.ann, clinic.bo):
        patient.refresh_from_db()
    return clinic.ann.balance_cents, clinic.bo.balance_cents


def applied() -> list[tuple[str, int]]:
    rows = InvoicePayment.objects.order_by("pk")
    return list(rows.values_list("invoice__claim_number", "amount_cents"))


def test_a_payment_goes_to_the_claim_it_names(imported: Bring, clinic: Clinic) -> None:
    done = imported(HEAD + "A-1,C2,$40.00,Check,11/05/2026,1001,\n", kind="payments")
    assert done.facts["result"] == {"new": 1}
    assert applied() == [("C2", 4_000)]
    assert balances(clinic) == (16_000, 0)
    paid = Payment.objects.get()
    assert (paid.method, paid.amount_cents, str(paid.paid_on)) == ("check", 4_000, "2026-11-05")


def test_a_claim_names_its_patient(imported: Bring, clinic: Clinic) -> None:
    imported(HEAD + ",C1,40,cash,,,\n", kind="payments")
    assert Payment.objects.get().patient == clinic.ann


def test_what_names_no_claim_pays_the_oldest(imported: Bring, clinic: Clinic) -> None:
    imported(HEAD + "A-1,,130,visa,11/05/2026,1,\nA-1,,100,cash,11/06/2026,2,\n", kind="payments")
    assert applied() == [("C1", 10_000), ("C2", 3_000), ("C2", 7_000)]
    assert balances(clinic) == (-3_000, 0)


def test_or_stays_a_credit_where_a_person_said_so(checked: Bring, clinic: Clinic) -> None:
    found = checked(HEAD + "A-1,,130,cash,11/05/2026,,\n", kind="payments")
    found = services.choose_names(WHO, found, {}, spread=False)
    services.confirm(WHO, found)
    assert applied() == []
    assert balances(clinic) == (7_000, 0)


def test_the_same_file_again_makes_no_payment_twice(imported: Bring, clinic: Clinic) -> None:
    file = HEAD + "A-1,C1,25,cash,11/05/2026,,\nA-1,C1,25,cash,11/05/2026,,\nA-1,,10,check,11/05/2026,77,\n"
    assert imported(file, kind="payments").facts["result"] == {"new": 3}
    assert imported(file, kind="payments").facts["result"] == {"unchanged": 3}
    assert Payment.objects.count() == 3


def test_one_check_may_pay_many_claims_but_each_once(imported: Bring, clinic: Clinic) -> None:
    file = HEAD + "A-1,C1,25,check,,9,\nB-2,C3,20,check,,9,\nA-1,C2,5,check,,9,\nA-1,C2,6,check,,9,\n"
    done = imported(file, kind="payments")
    assert done.facts["result"] == {"new": 3, "not_valid": 1}
    assert problems(done) == {5: ["stands also in line 4 for the same"]}


def test_a_payment_that_is_here_with_another_amount_is_refused(imported: Bring, clinic: Clinic) -> None:
    imported(HEAD + "A-1,C1,25,check,,9,\n", kind="payments")
    done = imported(HEAD + "A-1,C1,30,check,,9,\n", kind="payments")
    assert problems(done) == {2: [f"is here as {Payment.objects.get().short_id} with $25.00"]}


def test_insurance_pays_what_waits_for_it_with_its_reason(imported: Bring, clinic: Clinic) -> None:
    PaymentReason(enterprise=clinic.enterprise, code="CO-45").save()
    done = imported(HEAD + "B-2,C3,80,ERA,11/09/2026,E1,CO-45\n", kind="payments")
    assert done.facts["result"] == {"new": 1}
    assert InvoicePayment.objects.get().reason == PaymentReason.objects.get()
    assert balances(clinic) == (20_000, 2_000)


def test_insurance_that_paid_nothing_says_why(imported: Bring, clinic: Clinic) -> None:
    PaymentReason(enterprise=clinic.enterprise, code="CO-3").save()
    file = HEAD + "B-2,C3,0.00,insurance,,E1,CO-3\nB-2,C3,0,insurance,,E2,\nB-2,C3,5,insurance,,E3,XX\n"
    done = imported(file, kind="payments")
    assert problems(done) == {3: ["pays $0.00"], 4: ["is no payment reason of this enterprise"]}
    assert applied() == [("C3", 0)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A-1,C9,25,cash,,,\n", "is no claim or invoice here"),
        ("A-1,C3,25,cash,,,\n", "of another patient"),
        ("A-1,C1,-25,cash,,,\n", "is less than $0.00"),
        ("A-1,C1,0,cash,,,\n", "pays $0.00"),
        ("A-1,C1,,cash,,,\n", "no amount"),
        ("Z-9,,25,cash,,,\n", "is no chart number of a patient here"),
        ("A-1,C1,25,goats,,,\n", "is no way to pay known here"),
    ],
)
def test_a_bad_payment_says_why(checked: Bring, clinic: Clinic, row: str, reason: str) -> None:
    told = problems(checked(HEAD + row, kind="payments"))
    assert len(told) == 1
    assert reason in told[2][0]


def test_payments_beside_their_charges_go_to_that_visit(imported: Bring, clinic: Clinic) -> None:
    both = (
        "MRN,Claim,DOS,CPT,Charge,Ins Owed,Insurance Paid,Patient Paid,Method\n"
        "A-1,C7,2026-11-04,99213,100.00,,50,20,credit card\n"
        "B-2,C8,2026-11-04,99213,100.00,30,40,,\n"
    )
    done = imported(both, kind="charges")
    assert done.facts["totals"]["payments"] == 3
    assert done.facts["totals"]["paid"] == 11_000
    assert balances(clinic) == (20_000 + 3_000, 0), "the second still waits for $30.00"
    assert imported(both, kind="charges").facts["result"] == {"unchanged": 2}
    assert Payment.objects.count() == 3
