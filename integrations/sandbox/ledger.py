"""Who owes what: each figure that follows from other records, in whole cents, reckoned anew after a write.

Written from section 5 of the contract alone; what is assumed there is a switch. Imports workbench, records.
"""

from dataclasses import dataclass, replace
from typing import Any

from integrations.sandbox import records
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import Document
from integrations.sandbox.records import Record, children
from integrations.sandbox.workbench import Key, Workbench

SWITCHES = {
    "negative_invoice",
    "pending_invoice_balance",
    "write_offs",
    "zero_insurance_payment",
}
"""Turning one of these changes what is owed."""
INSURANCE = "insurance"
PARENTS = {
    "line_items": (("invoices", "invoice_id"),),
    "invoices": (("patients", "patient_id"),),
    "payments": (("patients", "patient_id"),),
    "invoice_payments": (("invoices", "invoice_id"), ("payments", "payment_id")),
    "payment_adjustments": (("payments", "payment_id"),),
    "write_offs": (("patients", "patient_id"),),
    "payment_reasons_invoice_payments": (("invoice_payments", "invoice_payment_id"),),
}
WITH_FIGURES = {"invoices", "payments"}


def concerns(record: Record) -> set[Key]:
    """The records whose figures a write of this one may change."""
    found = {(name, record.document[attribute]) for name, attribute in PARENTS.get(record.resource, ())}
    return found | {(record.resource, record.id)} if record.resource in WITH_FIGURES else found


def settle(bench: Workbench) -> None:
    """Bring the figures of all stale records up to date: what they rest on first, patients last."""
    for resource, reckon in RECKONED.items():
        for key in sorted(key for key in bench.stale if key[0] == resource):
            bench.stale.discard(key)
            record = records.find(bench.tx, *key)
            if record is not None:
                reckon(bench, record)


def everything(bench: Workbench) -> None:
    """Reckon all of the account anew, after a switch was turned."""
    for resource in RECKONED:
        own = (one for one in records.every(bench.tx, resource) if one.account == bench.account)
        bench.stale.update((resource, one.id) for one in own)
    settle(bench)


@dataclass(frozen=True)
class InvoiceFigures:
    """In cents. `balance` is what the invoice comes to once no insurance is waited for."""

    balance: int
    insurance_balance: int

    @property
    def pending(self) -> bool:
        return self.insurance_balance > 0


def charge(line: Document) -> int:
    """The amount is per unit; the tax is for the whole line."""
    return int(line["total_charge_amount_cents"] * line["quantity"] + line["tax_amount_cents"])


def of_invoice(bench: Workbench, invoice_id: int) -> InvoiceFigures:
    lines = [one.document for one in children(bench.tx, "line_items", "invoice_id", invoice_id)]
    charged = sum(charge(one) - int(one["covered_amount_cents"]) for one in lines)
    insured = sum(int(one["insurance_owed_amount_cents"]) for one in lines)
    applied = children(bench.tx, "invoice_payments", "invoice_id", invoice_id)
    by_insurance = [one for one in applied if _method(bench, one) == INSURANCE]
    insurance_balance = insured - sum(int(one.document["paid_amount_cents"]) for one in by_insurance)
    if bench.switches["zero_insurance_payment"] == "clears_insurance" and _says_nothing_is_paid(
        bench, by_insurance
    ):
        insurance_balance = min(insurance_balance, 0)
    balance = charged - sum(int(one.document["paid_amount_cents"]) for one in applied)
    return InvoiceFigures(balance, insurance_balance)


def applied_of(bench: Workbench, payment_id: int) -> int:
    rows = children(bench.tx, "invoice_payments", "payment_id", payment_id)
    return sum(int(one.document["paid_amount_cents"]) for one in rows)


def adjusted_of(bench: Workbench, payment_id: int) -> int:
    rows = children(bench.tx, "payment_adjustments", "payment_id", payment_id)
    return sum(int(one.document["amount_cents"]) for one in rows)


def balance_of(bench: Workbench, patient_id: int) -> int:
    """Open invoices, less unapplied patient payments, less write-offs."""
    invoices = children(bench.tx, "invoices", "patient_id", patient_id)
    payments = children(bench.tx, "payments", "patient_id", patient_id)
    balance = sum(_counts(one, bench.switches) for one in invoices)
    balance -= sum(_unapplied(one.document) for one in payments)
    if bench.switches["write_offs"] == "reduce":
        write_offs = children(bench.tx, "write_offs", "patient_id", patient_id)
        balance -= sum(int(one.document["amount_cents"]) for one in write_offs)
    return balance


def _method(bench: Workbench, applied: Record) -> Any:
    payment = records.find(bench.tx, "payments", applied.document["payment_id"])
    return payment.document["payment_method_type"] if payment else None


def _says_nothing_is_paid(bench: Workbench, applied: list[Record]) -> bool:
    reasons = "payment_reasons_invoice_payments", "invoice_payment_id"
    nothing = (one for one in applied if one.document["paid_amount_cents"] == 0)
    return any(children(bench.tx, *reasons, one.id) for one in nothing)


def _counts(invoice: Record, switches: Assumptions) -> int:
    """What an invoice adds to the patient's balance."""
    document = invoice.document
    if invoice.hidden or document["estimate"] or document["total_insurance_balance_cents"] > 0:
        return 0
    balance = int(document["balance_cents"])
    return max(balance, 0) if switches["negative_invoice"] == "ignored" else balance


def _unapplied(payment: Document) -> int:
    if payment["payment_method_type"] == INSURANCE or payment.get("voided"):
        return 0
    return int(payment["expected_amount_cents"]) - int(payment["applied_amount_cents"])


def _reckon_payment(bench: Workbench, payment: Record) -> None:
    document = payment.document
    whole = int(document["expected_amount_cents"])
    refunded = min(adjusted_of(bench, payment.id), whole)
    figures: Document = {
        "applied_amount_cents": applied_of(bench, payment.id),
        "refunded_amount_cents": refunded,
    }
    if refunded:
        figures["status"] = "refunded" if refunded == whole else "partially refunded"
    own = "refunded_amount_cents" in document and refunded != document["refunded_amount_cents"]
    _put(bench, payment, figures, loud=own)


def _reckon_invoice(bench: Workbench, invoice: Record) -> None:
    found = of_invoice(bench, invoice.id)
    hides = found.pending and bench.switches["pending_invoice_balance"] == "zero"
    figures = {
        "balance_cents": 0 if hides else found.balance,
        "total_insurance_balance_cents": found.insurance_balance,
    }
    _put(bench, invoice, figures, loud=False)
    bench.stale.add(("patients", invoice.document["patient_id"]))


def _reckon_patient(bench: Workbench, patient: Record) -> None:
    balance = balance_of(bench, patient.id)
    figures: Document = {"balance_cents": balance, "cached_balance_cents": balance}
    status = _moved(patient.document.get("billing_status"), balance, bench.switches)
    moved = status != patient.document.get("billing_status")
    _put(bench, patient, {**figures, "billing_status": status} if moved else figures, loud=moved)


def _moved(status: Any, balance: int, switches: Assumptions) -> Any:
    """Where a billing status goes by itself; whoever is excluded or in collections stays."""
    if switches["billing_status_moves"] == "with_balance":
        if status == "complete" and balance > 0:
            return "billable"
        if status in {"billable", "scheduled"} and balance <= 0:
            return "complete"
    return status


def _put(bench: Workbench, record: Record, figures: Document, *, loud: bool) -> None:
    """Store figures. `loud` ones are the record's own change: a later updated_at and an event."""
    if all(record.document.get(name) == value for name, value in figures.items()):
        return
    document = {**record.document, **figures}
    also = bench.switches["figures_send_events"] == "yes" and record.resource != "invoices"
    # Figures of a record that was made in this request are part of its making.
    if (loud or also) and bench.written.get((record.resource, record.id)) != "created":
        document["updated_at"] = records.later_than(record.document["updated_at"])
        bench.wrote(record)
    records.write(bench.tx, replace(record, document=document))
    if record.resource == "payments":
        bench.stale.add(("patients", record.document["patient_id"]))


def _reckon_reasons(bench: Workbench, applied: Record) -> None:
    bench.stale.add(("invoices", applied.document["invoice_id"]))


RECKONED = {
    "invoice_payments": _reckon_reasons,
    "payments": _reckon_payment,
    "invoices": _reckon_invoice,
    "patients": _reckon_patient,
}
