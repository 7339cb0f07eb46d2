"""What a person says of a second record there, on its page; and that it is not asked again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.records.models import RECORDS, Surplus
from partnerportal.sync import differences
from tests.cast import Stage, make_staff
from tests.late.scene import (
    CREATES,
    asked,
    landed,
    look_once_more,
    push,
    sent_twice,
    taken_back,
    until_delivered,
)
from tests.sync.scene import pull

NOUNS = ("enterprise", "practice", "doctor", "patient", "invoice", "payment", "write_off_code")


def asked_about(stage: Stage, noun: str) -> tuple[Any, Surplus]:
    row = sent_twice(stage, CREATES[noun](stage))
    landed(stage)
    pull(stage)
    return row, Surplus.objects.get()


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def address(surplus: Surplus) -> str:
    return f"/differences/duplicates/{surplus.pk}/"


def entry() -> Any:
    return Entry.objects.filter(action__endswith="_duplicate_decided").first()


@pytest.mark.parametrize("noun", NOUNS)
def test_a_duplicate_is_asked_about_once_and_never_again(stage: Stage, noun: str) -> None:
    row, surplus = asked_about(stage, noun)
    client = signed_in(stage.operator)
    assert address(surplus) in client.get("/needs/").content.decode()
    assert address(surplus) in client.get(f"/differences/?tab=duplicates&noun={noun}").content.decode()
    page = client.get(address(surplus)).content.decode()
    assert row.short_id in page and str(surplus.remote_id) in page and "Duplicate: keep" in page
    before = RECORDS[noun].objects.count()
    assert client.post(address(surplus), {"choice": "same"}).status_code == 302
    assert (entry().record, entry().actor) == (row.record_name, "user:ola")
    assert asked(stage) == 0
    pull(stage)
    assert asked(stage) == 0
    assert RECORDS[noun].objects.count() == before
    assert noun not in differences.counts(stage.operator)[differences.ONLY_THERE]


@pytest.mark.parametrize("noun", [noun for noun in NOUNS if noun not in ("enterprise", "write_off_code")])
def test_another_record_becomes_ours(stage: Stage, noun: str) -> None:
    _, surplus = asked_about(stage, noun)
    signed_in(stage.operator).post(address(surplus), {"choice": "different"})
    assert RECORDS[noun].objects.filter(remote_id=surplus.remote_id).exists()
    pull(stage)
    assert asked(stage) == 0
    assert entry() is not None


def test_another_enterprise_can_be_adopted(stage: Stage) -> None:
    _, surplus = asked_about(stage, "enterprise")
    client = signed_in(stage.operator)
    assert client.get(f"/differences/adopt/{surplus.remote_id}/").status_code == 404
    client.post(address(surplus), {"choice": "different"})
    assert client.get(f"/differences/adopt/{surplus.remote_id}/").status_code == 200
    pull(stage)
    assert asked(stage) == 0


def test_a_code_that_is_here_already_stays_a_question(stage: Stage) -> None:
    _, surplus = asked_about(stage, "write_off_code")
    answer = signed_in(stage.operator).post(address(surplus), {"choice": "different"}, follow=True)
    assert "both would have the same code" in answer.content.decode()
    assert asked(stage) == 1
    assert entry() is None


def test_ours_that_is_tied_to_none_is_linked(stage: Stage) -> None:
    """A person took back what was to be sent again, and then the first create landed."""
    patient = taken_back(stage)
    landed(stage)
    pull(stage)
    surplus = Surplus.objects.get()
    client = signed_in(stage.operator)
    assert f"Link to {patient.short_id}" in client.get(address(surplus)).content.decode()
    client.post(address(surplus), {"choice": "linked"})
    patient.refresh_from_db()
    assert patient.remote_id == surplus.remote_id
    assert asked(stage) == 0
    assert len(stage.there()) == 1


def test_who_may_not_decide_sees_no_way_to(stage: Stage, auditor: Staff) -> None:
    _, surplus = asked_about(stage, "patient")
    assert signed_in(auditor).post(address(surplus), {"choice": "same"}).status_code == 403
    foreign = make_staff("fred", "operator", all_enterprises=False)
    assert signed_in(foreign).get(address(surplus)).status_code == 404
    assert signed_in(foreign).post(address(surplus), {"choice": "same"}).status_code == 404
    assert signed_in(stage.operator).post(address(surplus), {"choice": "odd"}).status_code == 404
    assert asked(stage) == 1


def test_an_answered_question_can_not_be_answered_otherwise(stage: Stage) -> None:
    _, surplus = asked_about(stage, "patient")
    client = signed_in(stage.operator)
    client.post(address(surplus), {"choice": "same"})
    page = client.post(address(surplus), {"choice": "different"}, follow=True).content.decode()
    assert "nothing to decide" in page
    assert RECORDS["patient"].objects.count() == 1


@pytest.mark.parametrize("reference", ["kept", "dropped"])
def test_a_patient_is_told_by_reference_or_by_content(stage: Stage, reference: str) -> None:
    stage.sandbox.assume(external_ids=reference)
    _, surplus = asked_about(stage, "patient")
    assert surplus.carries_reference == (reference == "kept")


def test_a_changed_record_with_our_reference_is_asked_about_all_the_same(stage: Stage) -> None:
    row = sent_twice(stage, CREATES["patient"](stage))
    landed(stage)
    (other,) = [one for one in stage.there() if one["id"] != row.remote_id]
    stage.sandbox.admin(
        "PUT", f"records/patients/{other['id']}", {"city": "Springfield", "last_name": "Else"}
    )
    pull(stage)
    assert asked(stage) == 1


def test_a_refund_that_landed_twice_shows_on_its_payment(stage: Stage) -> None:
    sent_twice(stage, CREATES["payment_adjustment"](stage))
    pull(stage)
    landed(stage)
    pull(stage)
    assert asked(stage) == 1
    client = signed_in(stage.operator)
    (line,) = [line for line in client.get("/needs/").context["lines"] if line.act]
    assert "was refunded" in client.get(line.act.href).content.decode()
    client.post(line.act.href, {"choice": "seen"})
    pull(stage)
    assert asked(stage) == 0


def test_the_same_payment_made_by_somebody_there_is_no_question(stage: Stage) -> None:
    """Equal amounts are everyday: only what was sent twice can have left a second one."""
    payment = CREATES["payment"](stage)
    push(stage, payment)
    payment.refresh_from_db()
    values = {"patient_id": payment.patient.remote_id, "expected_amount_cents": 4_000}
    stage.sandbox.admin("POST", "records/payments", {**values, "payment_method_type": "cash"})
    pull(stage)
    assert asked(stage) == 0
    assert RECORDS["payment"].objects.count() == 2


def test_what_was_said_by_the_look_is_not_asked_by_the_next_pull(stage: Stage) -> None:
    row = CREATES["patient"](stage)
    stage.sandbox.fault(kind="held", operation="patients.create", count=1, connection="drop")
    until_delivered(stage, row)
    landed(stage)
    look_once_more(stage)
    surplus = Surplus.objects.get()
    signed_in(stage.operator).post(address(surplus), {"choice": "same"})
    pull(stage)
    assert asked(stage) == 0
    assert Surplus.objects.count() == 1
