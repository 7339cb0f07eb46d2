"""A preview names every record and every request that confirming sends: for each noun, however deep the
parents are that are not there yet, the sandbox receives what the plan said, no more and no less.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from partnerportal.delivery.models import Plan
from partnerportal.delivery.plans import PlanChanged, confirm_plan, make_plan
from partnerportal.delivery.services import request_push
from partnerportal.records.billing import Charge, Visit, assign_balance
from partnerportal.records.models import (
    RECORDS,
    AccountType,
    Doctor,
    InvoicePayment,
    Payment,
    PaymentAdjustment,
    PaymentReason,
    WriteOff,
    WriteOffCode,
)
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.console.cast import signed_in

DAY = date(2026, 11, 2)
Scene = dict[str, Any]


def scene() -> Scene:
    """One record of every noun, all hanging together, nothing sent."""
    enterprise = make_enterprise()
    practice = make_practice(enterprise)
    doctor = Doctor.objects.create(enterprise=enterprise, first_name="Helen", last_name="Okafor")
    reason = PaymentReason.objects.create(enterprise=enterprise, code="CO-3", description="Co-pay")
    code = WriteOffCode.objects.create(enterprise=enterprise, code="044", description="Forgiven")
    kind = AccountType.objects.create(enterprise=enterprise, name="Self pay")
    patient = make_patient(enterprise, practice=practice, account_type=kind)
    lines = [Charge("Office visit", each=10_000), Charge("Strep test", each=3_000)]
    invoice = assign_balance(
        patient, Visit(practice=practice, doctor=doctor, lines=lines, date_of_service=DAY)
    )
    payment = Payment.objects.create(patient=patient, amount_cents=5_000, method="cash", paid_on=DAY)
    part = InvoicePayment.objects.create(payment=payment, invoice=invoice, amount_cents=4_000)
    return {
        "enterprise": enterprise, "practice": practice, "doctor": doctor, "payment_reason": reason,
        "write_off_code": code, "account_type": kind, "patient": patient, "invoice": invoice,
        "line_item": invoice.lines.order_by("pk")[0], "payment": payment, "invoice_payment": part,
        "payment_adjustment": PaymentAdjustment.objects.create(payment=payment, amount_cents=500),
        "write_off": WriteOff.objects.create(
            patient=patient, write_off_code=code, date=DAY, amount_cents=300
        ),
    }  # fmt: skip


def nothing(stage: Stage, found: Scene, noun: str) -> None:
    """All of it is unsent."""


def the_person(stage: Stage, found: Scene, noun: str) -> None:
    send(stage, found["patient"])


def the_parents(stage: Stage, found: Scene, noun: str) -> None:
    """Of this noun; what hangs on others may be unsent."""
    row = found[noun]
    owner = getattr(row, "enterprise", None)
    send(stage, *([owner] if owner is not None else []), *row.parents())


SENT_BEFORE: tuple[Callable[[Stage, Scene, str], None], ...] = (
    nothing, the_person, the_parents,
)  # fmt: skip


def send(stage: Stage, *rows: Any) -> None:
    for row in rows:
        row.refresh_from_db()
        if row.remote_id is None:
            request_push(stage.context, row)
            stage.run()


def ids() -> dict[tuple[str, int], int | None]:
    return {
        (noun, pk): there
        for noun, model in RECORDS.items()
        for pk, there in model.objects.values_list("pk", "remote_id")
    }


def shown_on_its_page(stage: Stage, plan: Plan) -> tuple[int, set[str]]:
    """How many requests the page says, and the short ids that it names under New, Changed and Goes along."""
    client = signed_in(stage.operator)
    pages = [
        client.get(f"/push/plans/{plan.pk}/?tab={tab}").content.decode()
        for tab in ("create", "update", "along")
    ]
    said = re.search(r"([\d,]+) requests?\b", pages[0])
    assert said is not None
    named = {name for text in pages for name in re.findall(r"<small>([A-Z]+-\d+)</small>", text)}
    return int(said[1].replace(",", "")), named


def compared(stage: Stage, plan: Plan) -> None:
    before, asked = ids(), len(stage.sandbox.requests())
    number, named = shown_on_its_page(stage, plan)
    planned = {
        RECORDS[item.noun].objects.get(pk=item.record_id).short_id
        for item in plan.items.sendable().filter(act="create")
    }
    job = confirm_plan(plan, stage.context)
    stage.run(60)
    received = stage.sandbox.requests()[asked:]
    made = {key for key, there in ids().items() if there is not None and before[key] is None}
    short = {RECORDS[noun].objects.get(pk=pk).short_id for noun, pk in made}
    assert short == planned
    assert short <= named, "the page names all that was made"
    assert len(received) == number, [(r["method"], r["path"]) for r in received]
    assert signed_in(stage.operator).get(f"/sending/batches/{job.pk}/").status_code == 200


@pytest.mark.parametrize("sent", SENT_BEFORE, ids=lambda one: str(one.__name__))
@pytest.mark.parametrize("noun", [noun for noun in RECORDS if noun != "endpoint"])
def test_what_the_plan_named_is_what_the_sandbox_received(stage: Stage, noun: str, sent: Any) -> None:
    found = scene()
    sent(stage, found, noun)
    row = RECORDS[noun].objects.get(pk=found[noun].pk)
    if row.remote_id is not None:
        return  # sent with its parents: there is nothing to push
    compared(stage, make_plan(stage.operator, noun, RECORDS[noun].objects.filter(pk=row.pk)))


EDITS: dict[str, dict[str, Any]] = {
    "enterprise": {"city": "Boston"}, "practice": {"city": "Boston"}, "doctor": {"last_name": "Brandt"},
    "patient": {"city": "Boston"}, "invoice": {"date_of_service": date(2026, 11, 3)},
    "line_item": {"description": "Visit"},
}  # fmt: skip


@pytest.mark.parametrize("noun", EDITS)
def test_an_update_is_a_look_and_a_write(stage: Stage, noun: str) -> None:
    found = scene()
    send(stage, found["patient"], found["doctor"], found["invoice"])
    row: Any = RECORDS[noun].objects.get(pk=found[noun].pk)
    assert row.remote_id is not None
    for name, value in EDITS[noun].items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    plan = make_plan(stage.operator, noun, RECORDS[noun].objects.filter(pk=row.pk))
    assert plan.counts == {"update": 1}
    compared(stage, plan)


def test_what_was_entered_since_is_not_sent_unseen(stage: Stage) -> None:
    """A second application of a payment that was previewed with one."""
    found = scene()
    plan = make_plan(stage.operator, "payment", Payment.objects.all())
    InvoicePayment.objects.create(payment=found["payment"], invoice=found["invoice"], amount_cents=500)
    with pytest.raises(PlanChanged) as error:
        confirm_plan(plan, stage.context)
    assert "goes along since" in error.value.why.values()
