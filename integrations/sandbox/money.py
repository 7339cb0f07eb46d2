"""What a payment, an application, an adjustment or a deletion must satisfy, and what else it does.

Each is checked after it was written: a refusal takes the whole transaction back. Source: contract, section 5.
Imports changes and the ledger.
"""

from typing import Any

from integrations.sandbox import changes, ledger, records
from integrations.sandbox.kinds import FALSE, TRUE
from integrations.sandbox.messages import Document, RefusedError
from integrations.sandbox.records import Record
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.workbench import Workbench

PROCESSED_THERE = {"card", "one_time_payment"}


def invalid(attribute: str, message: str) -> RefusedError:
    return RefusedError(422, {attribute: [message]})


def pay(bench: Workbench, sent: Document, invoice_id: Any = None, **more: Any) -> Record:
    """A payment. With an `invoice_id` it is applied there first, up to the invoice's balance."""
    record = changes.create(bench, RESOURCES["payments"], sent, **more)
    patient = bench.own("patients", record.document["patient_id"])
    record.document["enterprise_id"] = patient.enterprise_id
    records.write(bench.tx, record)
    _may_be_recorded(bench, record)
    if invoice_id is not None and bench.switches["payment_invoice_id"] == "applies":
        apply_to(bench, record, _invoice_of(bench, record, invoice_id))
    if _spreads(bench, record):
        spread(bench, record)
    return record


def _may_be_recorded(bench: Workbench, payment: Record) -> None:
    method, amount = (payment.document[name] for name in ("payment_method_type", "expected_amount_cents"))
    allowed = {"card_payments": PROCESSED_THERE, "check_payments": {"check"}}
    for switch, methods in allowed.items():
        if method in methods and bench.switches[switch] == "refused" and not bench.inside:
            raise invalid("payment_method_type", "is not included in the list")
    # Only an insurance is recorded as having paid nothing.
    if amount == 0 and method != ledger.INSURANCE:
        raise invalid("expected_amount_cents", "must be greater than 0")


def _spreads(bench: Workbench, payment: Record) -> bool:
    said = payment.document["apply_payment"]
    if said is not None or bench.switches["apply_payment_default"] == "no":
        return bool(said)
    enterprise = bench.own("enterprises", payment.enterprise_id or 0)
    standard = RESOURCES["enterprises"].constants["apply_payment"]
    return bool(enterprise.document.get("apply_payment", standard))


def _invoice_of(bench: Workbench, payment: Record, invoice_id: Any) -> Record:
    """The patient's own invoice. Raises RefusedError 422."""
    found = records.find(bench.tx, "invoices", invoice_id) if type(invoice_id) is int else None
    if found is None or found.account != bench.account or found.hidden:
        raise invalid("invoice_id", changes.MUST_EXIST)
    if found.document["patient_id"] != payment.document["patient_id"]:
        raise invalid("invoice_id", "must belong to the payment's patient")
    return found


def apply_to(bench: Workbench, payment: Record, invoice: Record) -> None:
    """As much of what is left of the payment as the invoice still asks for."""
    figures = ledger.of_invoice(bench, invoice.id)
    insurance = payment.document["payment_method_type"] == ledger.INSURANCE
    asked = figures.insurance_balance if insurance and figures.pending else figures.balance
    left = payment.document["expected_amount_cents"] - ledger.applied_of(bench, payment.id)
    cents = min(left, asked)
    if cents > 0:
        sent = {"payment_id": payment.id, "invoice_id": invoice.id, "paid_amount_cents": cents}
        changes.create(bench, RESOURCES["invoice_payments"], sent)


def spread(bench: Workbench, payment: Record) -> None:
    """Over the patient's open invoices by date of service; how the API does it is documented nowhere."""
    rows = records.children(bench.tx, "invoices", "patient_id", payment.document["patient_id"])
    insurance = payment.document["payment_method_type"] == ledger.INSURANCE
    newest_first = bench.switches["apply_spread"] == "newest_first"
    for row in sorted(rows, key=lambda one: (one.document["date_of_service"], one.id), reverse=newest_first):
        waits = ledger.of_invoice(bench, row.id).pending
        if not row.hidden and not row.document["estimate"] and waits == insurance:
            apply_to(bench, payment, row)


def quick_pay(bench: Workbench, invoice: Document, payment: Document) -> tuple[Record, Record]:
    """An invoice and its payment, applied to it up to its balance; the rest stays unapplied."""
    if invoice.get("patient_id") != payment.get("patient_id"):
        raise invalid("payment.patient_id", "must be the invoice's patient")
    sent = {**payment, "apply_payment": False}
    if bench.switches["quick_pay_order"] == "payment_first":
        paid = pay(bench, sent)
        billed = changes.create(bench, RESOURCES["invoices"], invoice)
    else:
        billed = changes.create(bench, RESOURCES["invoices"], invoice)
        paid = pay(bench, sent)
    apply_to(bench, paid, billed)
    return billed, paid


def must_fit(bench: Workbench, applied: Record) -> None:
    """An application may use no more than is left of its payment, for an invoice of the same patient."""
    payment = bench.own("payments", applied.document["payment_id"])
    if payment.document.get("voided"):
        raise invalid("payment_id", "is voided")
    _invoice_of(bench, payment, applied.document["invoice_id"])
    if ledger.applied_of(bench, payment.id) > payment.document["expected_amount_cents"]:
        raise invalid("paid_amount_cents", "exceeds what is left of the payment")
    overpaid = ledger.of_invoice(bench, applied.document["invoice_id"]).balance < 0
    if overpaid and bench.switches["overpaid_invoice"] == "refused":
        raise invalid("paid_amount_cents", "exceeds the invoice's balance")


def adjust(bench: Workbench, sent: Document, voided: object) -> Record:
    """A refund, or with `voided` a void, which takes the payment off its invoices."""
    if isinstance(voided, list | dict) or voided not in TRUE | FALSE | {None}:
        raise invalid("voided", "is not included in the list")
    user = next(one.id for one in records.every(bench.tx, "users") if one.account == bench.account)
    made = changes.create(bench, RESOURCES["payment_adjustments"], sent, created_by_user_id=user)
    payment = bench.own("payments", made.document["payment_id"])
    if payment.document.get("voided"):
        raise invalid("payment_id", "is voided")
    amount, before = made.document["amount_cents"], payment.document["refunded_amount_cents"]
    if voided in TRUE:
        _void(bench, payment, amount, before)
    elif amount > payment.document["expected_amount_cents"] - before:
        raise invalid("amount_cents", "exceeds what is left of the payment")
    return made


def _void(bench: Workbench, payment: Record, amount: int, refunded: int) -> None:
    if refunded and bench.switches["void_after_refund"] == "refused":
        raise invalid("payment_id", "was refunded and can't be voided")
    if amount != payment.document["expected_amount_cents"]:
        raise invalid("amount_cents", "must be the whole amount of the payment to void it")
    for applied in records.children(bench.tx, "invoice_payments", "payment_id", payment.id):
        changes.delete(bench, applied)
    changes.keep(bench, changes.touch(payment, {"voided": True}))


def delete_invoice(bench: Workbench, invoice: Record) -> Record:
    """What becomes of money applied to it is said nowhere."""
    applied = records.children(bench.tx, "invoice_payments", "invoice_id", invoice.id)
    if applied and bench.switches["deleted_invoice_payments"] == "refused":
        raise invalid("base", "an invoice with payments can't be deleted")
    if bench.switches["deleted_invoice_payments"] == "released":
        for one in applied:
            changes.delete(bench, one)
    return changes.delete(bench, invoice)
