"""What is being sent while somebody acts: how it is made ready, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from partnerportal.delivery.deleting import delete_invoice, delete_line
from partnerportal.delivery.services import request_push, request_remove
from partnerportal.records.billing import (
    Charge,
    Taken,
    Visit,
    add_line,
    assign_balance,
    change_invoice,
    change_line,
)
from partnerportal.records.models import Doctor, Invoice, PaymentReason, WriteOffCode
from partnerportal.records.paying import (
    apply_to,
    change_applied,
    change_words,
    take_back,
    take_payment,
    write_off,
)
from tests.races.arena import DAY, Case, work

LINES = (Charge("Office visit", 10_000, covered=1_000), Charge("Test strip", 250, quantity=2, tax=30))


@dataclass(frozen=True)
class Way:
    """`prepare` makes all ready and asks for the push; `fault` waits on the request that carries it."""

    name: str
    noun: str
    prepare: Callable[[Case], None]
    fault: tuple[str, str] | None = None

    def begin(self, case: Case) -> None:
        self.prepare(case)
        if self.fault is not None:
            kind, operation = self.fault
            case.arena.sandbox.fault(kind=kind, operation=operation, count=1)


def _ask(case: Case, row: Any) -> None:
    """As a batch does: whoever is in a hurry can still pass it."""
    case.rows["target"] = row
    request_push(case.context, row, lane="bulk")


def _sent(case: Case, *rows: Any) -> None:
    for row in rows:
        request_push(case.context, row)
    work()
    for row in rows:
        row.refresh_from_db()
        assert row.remote_id is not None, f"{row.record_name} is {row.sync_state}"


def _patient(case: Case) -> Any:
    """One to be sent, and another who is there."""
    case.onboard()
    other = case.add_patient(last_name="Byron", first_name="Augusta")
    case.tie(other)
    case.rows["other"] = other
    case.rows["patient"] = case.add_patient(last_name="Byron", first_name="Ada")
    return case.rows["patient"]


def patient_new(case: Case) -> None:
    _ask(case, _patient(case))


def patient_of_new_enterprise(case: Case) -> None:
    case.rows["patient"] = case.add_patient()
    case.rows["other"] = case.add_patient(first_name="Augusta")
    _ask(case, case.rows["patient"])


def patient_changed(case: Case) -> None:
    patient = _patient(case)
    case.tie(patient)
    patient.city = "Boston"
    patient.version += 1
    patient.save()
    _ask(case, patient)


def _account(case: Case) -> Any:
    case.onboard()
    patient = case.rows["patient"] = case.add_patient()
    case.tie(patient)
    return patient


def _visit(case: Case, *, sent: bool) -> Invoice:
    patient = case.rows.get("patient") or _account(case)
    invoice = assign_balance(patient, Visit(case.practice, DAY, LINES))
    case.rows["invoice"] = invoice
    if sent:
        _sent(case, invoice)
    return invoice


def invoice_new(case: Case) -> None:
    _ask(case, _visit(case, sent=False))


def invoice_changed(case: Case) -> None:
    _ask(case, change_invoice(_visit(case, sent=True), notes="Paid by her brother"))


def invoice_deleted(case: Case) -> None:
    case.rows["target"] = invoice = _visit(case, sent=True)
    delete_invoice(case.context, invoice)


def line_new(case: Case) -> None:
    case.rows["line"] = line = add_line(_visit(case, sent=True), Charge("X-ray", 7_500))
    _ask(case, line)


def line_changed(case: Case) -> None:
    line = _visit(case, sent=True).lines.order_by("pk")[0]
    case.rows["line"] = line = change_line(line, Charge("Office visit", 9_000, covered=500))
    _ask(case, line)


def line_deleted(case: Case) -> None:
    line = _visit(case, sent=True).lines.order_by("pk")[0]
    case.rows["target"] = case.rows["line"] = line
    delete_line(case.context, line)


def _payment(case: Case, *, sent: bool, method: str = "cash") -> Any:
    patient = case.rows.get("patient") or _account(case)
    case.rows["payment"] = payment = take_payment(patient, Taken(4_000, method))
    if sent:
        _sent(case, payment)
    return payment


def payment_new(case: Case) -> None:
    """It is applied to a visit that is there: the application follows it."""
    invoice, payment = _visit(case, sent=True), _payment(case, sent=False)
    case.rows["part"] = apply_to(payment, invoice, 3_000)
    _ask(case, payment)


def payment_alone(case: Case) -> None:
    _visit(case, sent=True)
    _ask(case, _payment(case, sent=False))


def payment_changed(case: Case) -> None:
    _visit(case, sent=True)
    _ask(case, change_words(_payment(case, sent=True), description="By her brother", paid_on=None))


def applied(case: Case) -> None:
    invoice, payment = _visit(case, sent=True), _payment(case, sent=True)
    case.rows["part"] = part = apply_to(payment, invoice, 3_000)
    _ask(case, part)


def unapplied(case: Case) -> None:
    invoice, payment = _visit(case, sent=True), _payment(case, sent=True)
    case.rows["part"] = part = apply_to(payment, invoice, 3_000)
    _sent(case, part)
    _ask(case, change_applied(part, 500))


def refund(case: Case) -> None:
    _visit(case, sent=True)
    case.rows["adjustment"] = made = take_back(_payment(case, sent=True), 1_000, void=False)
    _ask(case, made)


def void(case: Case) -> None:
    invoice, payment = _visit(case, sent=True), _payment(case, sent=True)
    case.rows["part"] = part = apply_to(payment, invoice, 3_000)
    _sent(case, part)
    case.rows["adjustment"] = made = take_back(payment, 4_000, void=True)
    _ask(case, made)


def _code(case: Case) -> WriteOffCode:
    code: WriteOffCode = WriteOffCode.objects.create(
        enterprise=case.enterprise, code="044", description="Forgiven"
    )
    case.rows["code"] = code
    return code


def written_off(case: Case) -> None:
    _visit(case, sent=True)
    code = _code(case)
    _sent(case, code)
    _ask(case, write_off(case.rows["patient"], code, 700, DAY))


def write_off_code(case: Case) -> None:
    _account(case)
    _ask(case, _code(case))


def payment_reason(case: Case) -> None:
    _account(case)
    case.rows["code"] = code = PaymentReason.objects.create(
        enterprise=case.enterprise, code="PR-1", description="Deductible"
    )
    _ask(case, code)


def _doctor(case: Case) -> Doctor:
    case.onboard()
    doctor = Doctor(enterprise=case.enterprise, first_name="Elizabeth", last_name="Blackwell")
    doctor.save()
    return doctor


def doctor_new(case: Case) -> None:
    _ask(case, _doctor(case))


def doctor_changed(case: Case) -> None:
    doctor = _doctor(case)
    case.tie(doctor)
    doctor.first_name = "Emily"
    doctor.version += 1
    doctor.save()
    _ask(case, doctor)


def doctor_deleted(case: Case) -> None:
    case.rows["target"] = doctor = _doctor(case)
    case.tie(doctor)
    request_remove(case.context, doctor)


def practice_new(case: Case) -> None:
    case.tie(case.enterprise)
    _ask(case, case.practice)


def practice_changed(case: Case) -> None:
    case.onboard()
    case.practice.city = "Holyoke"
    case.practice.version += 1
    case.practice.save()
    _ask(case, case.practice)


def enterprise_new(case: Case) -> None:
    _ask(case, case.enterprise)


def enterprise_changed(case: Case) -> None:
    case.onboard()
    case.enterprise.city = "Holyoke"
    case.enterprise.version += 1
    case.enterprise.save()
    _ask(case, case.enterprise)


FIRST = (
    Way("a new patient", "patient", patient_new),
    Way("a new patient of a new enterprise", "patient", patient_of_new_enterprise),
    Way("a new patient, the answer lost", "patient", patient_new, ("drop_after", "patients.create")),
    Way("a new patient, the request lost", "patient", patient_new, ("drop_before", "patients.create")),
    Way("a new patient, put off", "patient", patient_new, ("429", "patients.create")),
    Way("a changed patient", "patient", patient_changed),
    Way(
        "a changed patient, the request lost", "patient", patient_changed, ("drop_before", "patients.update")
    ),
    Way("a new invoice", "invoice", invoice_new),
    Way("a new invoice, the answer lost", "invoice", invoice_new, ("drop_after", "invoices.create")),
    Way("a new invoice, the request lost", "invoice", invoice_new, ("drop_before", "invoices.create")),
    Way("a changed invoice", "invoice", invoice_changed),
    Way("a deleted invoice", "invoice", invoice_deleted),
    Way("a new payment, applied", "payment", payment_new),
    Way("a new payment", "payment", payment_alone),
    Way("a new payment, the answer lost", "payment", payment_alone, ("drop_after", "payments.create")),
    Way("a new payment, the request lost", "payment", payment_new, ("drop_before", "payments.create")),
    Way("a changed payment", "payment", payment_changed),
)
OTHERS = (
    Way("a new line", "line_item", line_new),
    Way("a changed line", "line_item", line_changed),
    Way("a deleted line", "line_item", line_deleted),
    Way("an application", "invoice_payment", applied),
    Way("less applied", "invoice_payment", unapplied),
    Way("a refund", "payment_adjustment", refund),
    Way("a void", "payment_adjustment", void),
    Way("a void, the answer lost", "payment_adjustment", void, ("drop_after", "payment_adjustments.create")),
    Way("a write-off", "write_off", written_off),
    Way("a write-off code", "write_off_code", write_off_code),
    Way("a payment reason", "payment_reason", payment_reason),
    Way("a new doctor", "doctor", doctor_new),
    Way("a changed doctor", "doctor", doctor_changed),
    Way("a deleted doctor", "doctor", doctor_deleted),
    Way("a new practice", "practice", practice_new),
    Way("a changed practice", "practice", practice_changed),
    Way("a new enterprise", "enterprise", enterprise_new),
    Way("a changed enterprise", "enterprise", enterprise_changed),
)
WAYS = {way.name: way for way in (*FIRST, *OTHERS)}
