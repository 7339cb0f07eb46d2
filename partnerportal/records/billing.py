"""What is billed to a patient: visits with their lines, entered, changed and deleted here. Whole cents.

Each is one transaction over the rows here; sending is asked for by the caller. The rules of section 5 are
checked first, in the user's words. Imports models, ledger, paying.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from partnerportal.records import paying
from partnerportal.records.account import NotAllowed, refuse_invalid
from partnerportal.records.ledger import account, reckon
from partnerportal.records.locks import fresh, hold
from partnerportal.records.models import Doctor, Invoice, LineItem, Patient, Payment, Practice
from partnerportal.records.paying import Taken

__all__ = [
    "Charge",
    "Entered",
    "EnteredAlready",
    "NotAllowed",
    "Taken",
    "Visit",
    "add_line",
    "assign_balance",
    "change_invoice",
    "change_line",
    "enter_visit",
]


@dataclass(frozen=True)
class Charge:
    """One line as entered. Amounts are cents; `each` is per unit."""

    description: str
    each: int
    quantity: int = 1
    covered: int = 0
    insurance_owed: int = 0
    tax: int = 0
    service_code: str = ""
    date_of_service: date | None = None


@dataclass(frozen=True)
class Visit:
    """What is billed together. `reference`: the invoice's own, said by a form so that it is entered once."""

    practice: Practice
    date_of_service: date
    lines: Sequence[Charge]
    doctor: Doctor | None = None
    estimate: bool = False
    notes: str = ""
    email_to: str = ""
    claim_number: str = ""
    taken: Sequence[Taken] = field(default_factory=tuple)
    reference: UUID | None = None


@dataclass(frozen=True)
class Entered:
    """What came of a visit."""

    invoice: Invoice
    payments: Sequence[Payment]


class EnteredAlready(Exception):
    """The same form was saved before: its invoice is there."""

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(invoice.short_id)
        self.invoice = invoice


def assign_balance(patient: Patient, visit: Visit) -> Invoice:
    """The invoice, its lines, payments taken and what is applied. Raises NotAllowed, EnteredAlready."""
    return enter_visit(patient, visit).invoice


@transaction.atomic
def enter_visit(patient: Patient, visit: Visit) -> Entered:
    """As `assign_balance`, with the payments that were taken. Raises NotAllowed, EnteredAlready."""
    if not visit.lines:
        raise NotAllowed("A balance needs at least one line.", "lines")
    hold(patient.pk)
    invoice = _new_invoice(patient, visit)
    for charge in visit.lines:
        _keep(LineItem(invoice=invoice), charge)
    payments = [_take(patient, invoice, taken) for taken in visit.taken]
    reckon(patient.pk)
    return Entered(invoice, payments)


def _take(patient: Patient, invoice: Invoice, taken: Taken) -> Payment:
    payment = paying.take_payment(patient, taken)
    if taken.apply:
        paying.apply_to(payment, invoice, min(taken.amount, max(0, _still_owed(patient, invoice))))
    return payment


def _new_invoice(patient: Patient, visit: Visit) -> Invoice:
    """Under the account's lock, so that of two sendings of one form the second finds the first's invoice."""
    before = Invoice.objects.filter(reference=visit.reference).first() if visit.reference else None
    if before is not None:
        raise EnteredAlready(before)
    invoice = Invoice(
        patient=patient,
        practice=visit.practice,
        doctor=visit.doctor,
        date_of_service=visit.date_of_service,
        estimate=visit.estimate,
        notes=visit.notes,
        email_to=visit.email_to,
        claim_number=visit.claim_number,
    )
    if visit.reference:
        invoice.reference = visit.reference
    refuse_invalid(invoice)
    invoice.save()
    return invoice


@transaction.atomic
def change_invoice(invoice: Invoice, **values: Any) -> Invoice:
    """Other values for an invoice's own columns; nothing is written where they are the same.

    Raises NotAllowed.
    """
    hold(invoice.patient_id)
    held = fresh(invoice)
    _refuse_deleted(held)
    if any(getattr(held, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(held, name, value)
        refuse_invalid(held)
        held.version += 1
        held.save()
        reckon(held.patient_id)
    return held


@transaction.atomic
def add_line(invoice: Invoice, charge: Charge) -> LineItem:
    """One more line of an invoice. Raises NotAllowed."""
    hold(invoice.patient_id)
    _refuse_deleted(fresh(invoice))
    line = _keep(LineItem(invoice=invoice), charge)
    reckon(invoice.patient_id)
    return line


@transaction.atomic
def change_line(line: LineItem, charge: Charge) -> LineItem:
    """Other values for a line. Raises NotAllowed."""
    hold(line.invoice.patient_id)
    held = fresh(line)
    _refuse_deleted(held)
    held.version += 1
    _keep(held, charge)
    reckon(held.invoice.patient_id)
    return held


def _keep(line: LineItem, charge: Charge) -> LineItem:
    line.service_code = charge.service_code
    line.description = charge.description
    line.date_of_service = charge.date_of_service
    line.total_charge_amount_cents = charge.each
    line.quantity = charge.quantity
    line.covered_amount_cents = charge.covered
    line.insurance_owed_amount_cents = charge.insurance_owed
    line.tax_amount_cents = charge.tax
    refuse_invalid(line)
    line.save()
    return line


def _refuse_deleted(row: Invoice | LineItem) -> None:
    if row.deleted:
        raise NotAllowed("It is deleted and can't be changed any more.")


def _still_owed(patient: Patient, invoice: Invoice) -> int:
    return next(bill.balance for bill in account(patient).bills if bill.key == invoice.pk)
