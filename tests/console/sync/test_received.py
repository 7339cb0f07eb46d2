"""Payments received there: by day and enterprise, each in exactly one file, with its total."""

from __future__ import annotations

from datetime import date

import pytest

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.records.models import Patient, Payment
from partnerportal.sync.models import Posting, ReceivedPayment
from tests.console.cast import signed_in


@pytest.fixture
def received(ed: Patient) -> list[Payment]:
    rows = []
    for number, (cents, day) in enumerate([(2_500, 2), (1_050, 2), (300, 3)]):
        payment = Payment(patient=ed, amount_cents=cents, method="card", remote_id=3_000_001 + number)
        payment.save()
        ReceivedPayment.objects.create(payment=payment, enterprise=ed.enterprise, day=date(2026, 11, day))
        rows.append(payment)
    return rows


def hand_out(staff: Staff, ed: Patient, day: str = "") -> str:
    data = {"enterprise": ed.enterprise_id, "day": day}
    return str(signed_in(staff).post("/payments/received/hand-out/", data).url)


def test_the_page_sums_by_day_and_says_what_is_left(operator: Staff, received: list[Payment]) -> None:
    text = signed_in(operator).get("/payments/received/").content.decode()
    assert "Nov 2, 2026" in text and "$35.50" in text and "$3.00" in text
    assert "3 payments, $38.50, not posted yet" in text


def test_each_payment_is_in_one_file_and_the_last_line_is_the_total(
    operator: Staff, ed: Patient, received: list[Payment]
) -> None:
    first = hand_out(operator, ed, "2026-11-02")
    second = hand_out(operator, ed)
    assert hand_out(operator, ed) == "/payments/received/"  # nothing is left
    client = signed_in(operator)
    lines = client.post(f"{first}download/").content.decode("utf-8-sig").splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["Amount", "25.00", "10.50", "35.50"]
    assert lines[1].startswith("2026-11-02,") and ",12345,Edison,Ed,1987-10-07,card," in lines[1]
    answer = client.post(f"{second}download/")
    assert answer.content.decode().count("3000003") == 1 and "3000001" not in answer.content.decode()
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="posting-{Posting.objects.latest("pk").pk}.csv"'
    )
    assert Entry.objects.filter(action="posting_downloaded").count() == 2
    assert "All are posted." in client.get("/payments/received/").content.decode()
    assert "Edison" in client.get(first).content.decode()


def test_a_voided_payment_is_not_posted(operator: Staff, ed: Patient, received: list[Payment]) -> None:
    Payment.objects.filter(pk=received[2].pk).update(voided=True)
    hand_out(operator, ed)
    assert Posting.objects.get().total_cents == 3_550


def test_an_auditor_only_looks_and_an_outsider_sees_nothing(
    auditor: Staff, outsider: Staff, operator: Staff, ed: Patient, received: list[Payment]
) -> None:
    path = hand_out(operator, ed)
    assert "Export" not in signed_in(auditor).get("/payments/received/").content.decode()
    assert signed_in(auditor).post("/payments/received/hand-out/").status_code == 403
    assert signed_in(auditor).post(f"{path}download/").status_code == 403
    assert "$35.50" not in signed_in(outsider).get("/payments/received/").content.decode()
    assert signed_in(outsider).get(path).status_code == 404
    assert signed_in(outsider).post(f"{path}download/").status_code == 404
