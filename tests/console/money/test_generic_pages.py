"""Every money record works on the pages all records share: address, story, delivery, decide, Needs you."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerportal.audit.reading import Content
from partnerportal.console import readable
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.ids import short_id
from partnerportal.records.billing import Charge, Taken, Visit, assign_balance
from partnerportal.records.models import (
    MONEY,
    AccountType,
    Patient,
    Payment,
    PaymentAdjustment,
    PaymentReason,
    Practice,
    WriteOff,
    WriteOffCode,
)
from tests.cast import make_key
from tests.console.cast import signed_in

NOUNS = list(MONEY)


@pytest.fixture
def client(operator: Any) -> Client:
    return signed_in(operator)


@pytest.fixture
def records(ed: Patient) -> dict[str, Any]:
    """One of each."""
    north = ed.enterprise
    office = Practice.objects.create(enterprise=north, name="Main office")
    day, lines = date(2026, 11, 2), [Charge("Office visit", 10_000)]
    taken = [Taken(4_000, "check")]
    invoice = assign_balance(ed, Visit(practice=office, date_of_service=day, lines=lines, taken=taken))
    payment = Payment.objects.get()
    code = WriteOffCode.objects.create(enterprise=north, code="044")
    return {
        "payment_reason": PaymentReason.objects.create(enterprise=north, code="CO-3"),
        "write_off_code": code,
        "account_type": AccountType.objects.create(enterprise=north, name="No statements"),
        "invoice": invoice,
        "line_item": invoice.lines.get(),
        "payment": payment,
        "invoice_payment": payment.applications.get(),
        "payment_adjustment": PaymentAdjustment.objects.create(payment=payment, amount_cents=100),
        "write_off": WriteOff.objects.create(patient=ed, write_off_code=code, amount_cents=5, date=day),
    }


def delivery(row: Any, state: str, **more: Any) -> Delivery:
    made: Delivery = Delivery.objects.create(
        noun=row.noun, record_id=row.pk, enterprise_id=row.enterprise_pk, account_pk=row.account_pk,
        kind=Delivery.Kind.PUSH, lane="interactive", state=state, key=make_key(), actor="user:olivia",
        origin="console", **more,
    )  # fmt: skip
    return made


@pytest.mark.parametrize("noun", NOUNS)
def test_its_short_address_leads_to_a_page(client: Client, records: dict[str, Any], noun: str) -> None:
    answer = client.get(f"/{short_id(noun, records[noun].pk)}", follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
def test_its_story_its_link_and_its_form_open(client: Client, records: dict[str, Any], noun: str) -> None:
    for part in ("story", "link", "edit"):
        answer = client.get(f"/records/{noun}/{records[noun].pk}/{part}/", follow=True)
        assert answer.status_code == 200, part


@pytest.mark.parametrize("noun", NOUNS)
def test_a_push_of_it_becomes_a_plan_that_shows_what_is_sent(
    client: Client, records: dict[str, Any], noun: str
) -> None:
    answer = client.post("/push/record/", {"noun": noun, "pk": records[noun].pk}, follow=True)
    assert answer.status_code == 200
    assert "What is sent" in answer.content.decode()


@pytest.mark.parametrize("noun", NOUNS)
def test_what_failed_of_it_stands_in_the_lists_and_under_needs_you(
    client: Client, records: dict[str, Any], noun: str
) -> None:
    row = records[noun]
    made = delivery(
        row, "failed", reason="validation", cause_key="validation:amount_cents",
        needs_person_since=timezone.now(), detail={"errors": {"amount_cents": ["is invalid"]}},
    )  # fmt: skip
    for address in (f"/sending/deliveries/{made.pk}/", "/sending/deliveries/", "/needs/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address != "/needs/":
            assert row.short_id in answer.content.decode()
    query = f"?kind=failed&noun={noun}&cause=validation:amount_cents"
    assert client.get(f"/needs/group/{query}").status_code == 200
    assert client.get(f"/needs/fix/{query}").status_code == 404  # money is mended on its own page
    again = client.post(
        "/needs/again/", {"kind": "failed", "noun": noun, "cause": "validation:amount_cents"}, follow=True
    )
    assert again.status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
def test_what_could_not_be_settled_is_decided_by_a_person(
    client: Client, records: dict[str, Any], noun: str
) -> None:
    made = delivery(records[noun], "unknown", reason="looked_several", needs_person_since=timezone.now())
    assert client.get(f"/sending/deliveries/{made.pk}/decide/").status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
def test_nobody_out_of_scope_finds_it(outsider: Any, records: dict[str, Any], noun: str) -> None:
    stranger = signed_in(outsider)
    assert stranger.get(f"/{short_id(noun, records[noun].pk)}").status_code == 404
    for part in ("change", "story", "link", "edit", "meanwhile"):
        assert stranger.get(f"/records/{noun}/{records[noun].pk}/{part}/").status_code == 404, part


def test_amounts_read_as_dollars_in_a_plan_and_in_a_readable_body(
    client: Client, records: dict[str, Any]
) -> None:
    line = records["line_item"]
    line.remote_id = 71
    line.acknowledged = {n: {"sent": v, "answered": v} for n, v in line.wire.values(line).items()}
    line.total_charge_amount_cents = 12_000
    line.save()
    shown = client.post("/push/record/", {"noun": "line_item", "pk": line.pk}, follow=True).content.decode()
    assert "$100.00" in shown
    assert "$120.00" in shown
    body = '{"invoice": {"line_items_attributes": [{"total_charge_amount_cents": 12000}]}}'
    (read,) = readable.body_of(Content({"body": body}), reveal=True).lines
    assert (read.label, read.value) == ("Charge each", "$120.00")
