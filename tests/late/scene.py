"""A request that lands at Inbox Health later than D: for each noun, what is sent and how it is told of.

The first request is kept back by the sandbox until it is released, so it is late whatever the clock says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerportal.console import needs_groups
from partnerportal.delivery.deciding import cancel, decide_send
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.records.billing import Charge, add_line, change_invoice, change_line
from partnerportal.records.models import (
    AccountType,
    Doctor,
    Enterprise,
    Mirror,
    Patient,
    PaymentReason,
    WriteOffCode,
)
from partnerportal.records.paying import Taken, apply_to, change_applied, take_back, take_payment, write_off
from partnerportal.webhooks import process
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.money.accounts import DAY, billed_patient, push, visit
from tests.sync.scene import pull
from tests.webhooks.post import event, post


def _below(stage: Stage, make: Callable[[Enterprise], Mirror]) -> Mirror:
    enterprise = make_enterprise()
    push(stage, enterprise)
    enterprise.refresh_from_db()
    return make(enterprise)


def _kept(row: Mirror) -> Mirror:
    row.save()
    return row


def _patient(stage: Stage) -> Patient:
    patient = billed_patient()
    push(stage, patient)
    patient.refresh_from_db()
    return patient


def _invoice(stage: Stage) -> Any:
    invoice = visit(_patient(stage), Charge("Office visit", 10_000))
    push(stage, invoice)
    invoice.refresh_from_db()
    return invoice


def _payment(stage: Stage, patient: Patient) -> Any:
    payment = take_payment(patient, Taken(4_000, "cash"))
    push(stage, payment)
    payment.refresh_from_db()
    return payment


def _application(stage: Stage) -> Any:
    invoice = _invoice(stage)
    return apply_to(_payment(stage, invoice.patient), invoice, 1_500)


def _write_off(stage: Stage) -> Any:
    patient = _patient(stage)
    code = _kept(WriteOffCode(enterprise=patient.enterprise, code="044", description="Forgiven"))
    push(stage, code)
    return write_off(patient, code, 700, DAY)  # type: ignore[arg-type]


# A row that is about to be created, all that it needs being there.
CREATES: dict[str, Callable[[Stage], Any]] = {
    "enterprise": lambda stage: _below(stage, lambda _: make_enterprise("Oak Street Clinic")),
    "practice": lambda stage: _below(stage, lambda e: make_practice(e, "North office")),
    "doctor": lambda stage: _below(
        stage, lambda e: _kept(Doctor(enterprise=e, first_name="Grace", last_name="Hopper"))
    ),
    "patient": lambda stage: _below(stage, make_patient),
    "payment_reason": lambda stage: _below(
        stage, lambda e: _kept(PaymentReason(enterprise=e, code="CO-3", description="Co-payment"))
    ),
    "write_off_code": lambda stage: _below(
        stage, lambda e: _kept(WriteOffCode(enterprise=e, code="044", description="Forgiven"))
    ),
    "account_type": lambda stage: _below(
        stage, lambda e: _kept(AccountType(enterprise=e, name="No statements"))
    ),
    "invoice": lambda stage: visit(_patient(stage), Charge("Office visit", 10_000)),
    "line_item": lambda stage: add_line(_invoice(stage), Charge("X-ray", 7_500)),
    "payment": lambda stage: take_payment(_patient(stage), Taken(4_000, "cash")),
    "invoice_payment": _application,
    "write_off": _write_off,
    "payment_adjustment": lambda stage: take_back(_payment(stage, _patient(stage)), 1_500, void=False),
}


def _set(row: Any, name: str, value: Any) -> None:
    row.refresh_from_db()
    setattr(row, name, value)
    row.version += 1
    row.save()


def _line(row: Any, text: str) -> None:
    row.refresh_from_db()
    change_line(row, Charge(text, 7_500))


# noun → (the attribute there, our column, and how it is changed here).
UPDATES: dict[str, tuple[str, str, Callable[[Any, Any], object]]] = {
    "enterprise": ("city", "city", lambda row, value: _set(row, "city", value)),
    "practice": ("city", "city", lambda row, value: _set(row, "city", value)),
    "doctor": ("first_name", "first_name", lambda row, value: _set(row, "first_name", value)),
    "patient": ("city", "city", lambda row, value: _set(row, "city", value)),
    "payment_reason": ("description", "description", lambda row, value: _set(row, "description", value)),
    "account_type": ("name", "name", lambda row, value: _set(row, "name", value)),
    "invoice": ("notes", "notes", lambda row, value: change_invoice(row, notes=value)),
    "line_item": ("description", "description", _line),
    "payment": ("description", "description", lambda row, value: _set(row, "description", value)),
    "invoice_payment": ("paid_amount_cents", "amount_cents", lambda row, value: change_applied(row, value)),
}
VALUES: dict[str, tuple[Any, Any]] = {"invoice_payment": (1_000, 2_000)}
FIRST, SECOND = "Boston", "Chicago"


def values_of(noun: str) -> tuple[Any, Any]:
    """What the late request says, and what was accepted after it."""
    return VALUES.get(noun, (FIRST, SECOND))


def sent_twice(stage: Stage, row: Mirror) -> Mirror:
    """The first create is kept back; it is looked for, sent again, accepted and looked at once more."""
    hold_back(stage, row, "create")
    push(stage, row)
    row.refresh_from_db()
    return row


def until_delivered(stage: Stage, row: Mirror) -> None:
    """Accepted after it was sent again, and not yet looked at once more."""
    delivery = request_push(stage.context, row)
    stage.run(until=lambda: Delivery.objects.filter(pk=delivery.pk, state="delivered").exists())


def taken_back(stage: Stage) -> Patient:
    """A patient whose create is kept back; a person says to send it again, and takes that back."""
    stage.sandbox.assume(external_ids="kept")
    patient: Any = CREATES["patient"](stage)
    hold_back(stage, patient, "create")
    delivery = request_push(stage.context, patient)
    stage.run(until=lambda: Delivery.objects.filter(pk=delivery.pk, state="unknown").exists())
    Delivery.objects.filter(pk=delivery.pk).update(needs_person_since=timezone.now())
    delivery.refresh_from_db()
    decide_send(stage.context, delivery)
    cancel(stage.context, delivery)
    return patient


def hold_back(stage: Stage, row: Mirror, verb: str) -> None:
    stage.sandbox.fault(kind="held", operation=f"{row.wire.resource}.{verb}", count=1, connection="drop")


def landed(stage: Stage) -> None:
    assert stage.sandbox.release() == 1


def changed_twice(stage: Stage, noun: str, *, until: Callable[[], bool] | None = None) -> Any:
    """The row after a first value that is kept back, and a second that was accepted after it."""
    row = CREATES[noun](stage)
    push(stage, row)
    first, second = values_of(noun)
    _, _, change = UPDATES[noun]
    change(row, first)
    hold_back(stage, row, "update")
    request_push(stage.context, row)
    stage.run(until=lambda: Delivery.objects.filter(state="unknown", noun=noun).exists())
    row.refresh_from_db()
    change(row, second)
    stage.run(until=until)
    row.refresh_from_db()
    return row


def look_once_more(stage: Stage) -> None:
    """The confirming look comes due now."""
    due = Delivery.objects.filter(confirm_at__isnull=False)
    assert due.exists(), "no confirming look is due"
    due.update(confirm_at=timezone.now() - timedelta(seconds=1))
    stage.run()


def by_pull(stage: Stage) -> None:
    pull(stage)


def told_of(endpoint: Any, row: Mirror, record: dict[str, Any], verb: str) -> None:
    """An event tells of the record as it is there."""
    shown = {name: value for name, value in record.items() if name not in ("account", "hidden")}
    assert post(endpoint, event(f"{row.noun}_{verb}", **shown)).status_code == 200
    process.drive(5.0)


def asked(stage: Stage) -> int:
    """How much a person is asked, on the page that lists it."""
    assert needs_groups.total(stage.operator) == sum(
        line.number for line in needs_groups.lines(stage.operator)
    )
    return needs_groups.total(stage.operator)
