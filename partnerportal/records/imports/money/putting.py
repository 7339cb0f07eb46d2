"""Visits written in bulk, in the caller's transaction, which holds their accounts. Imports models, ledger.

Invoices before their lines, payments before what they are applied to; at the end each balance is reckoned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from partnerportal.records.balances import Applied, Bill
from partnerportal.records.imports import writing
from partnerportal.records.imports.matching import NEW
from partnerportal.records.imports.money.visit import FilePayment, FileVisit, columns_of
from partnerportal.records.imports.values import Changes, kept, put
from partnerportal.records.imports.writing import Written
from partnerportal.records.ledger import accounts, reckon_all
from partnerportal.records.models import (
    Enterprise,
    Invoice,
    InvoicePayment,
    LineItem,
    Mirror,
    Patient,
    Payment,
)


def write(enterprise: Enterprise, visits: Sequence[FileVisit], *, spread: bool) -> list[Written]:
    """`spread`: what names no claim pays the oldest open invoices; else it stays the patient's credit."""
    for visit in visits:
        _tie(visit)
    made = _invoices(enterprise, visits)
    made += _lines(enterprise, visits)
    payments = [(visit, payment) for visit in visits for payment in visit.payments if payment.word == NEW]
    made += _payments(enterprise, payments)
    touched = {visit.patient.pk: visit.patient for visit in visits if visit.patient is not None}
    made += _applied(enterprise, payments, touched, spread=spread)
    reckon_all(touched)
    return made


def _tie(visit: FileVisit) -> None:
    """What is known is not read again, a query a row."""
    if visit.invoice is not None and visit.patient is not None:
        visit.invoice.patient = visit.patient
        for line in visit.lines:
            if line.line is not None:
                line.line.invoice = visit.invoice


def _invoices(enterprise: Enterprise, visits: Sequence[FileVisit]) -> list[Written]:
    new: list[Mirror] = []
    for visit in visits:
        if visit.is_new and visit.day is not None:
            visit.invoice = Invoice(
                enterprise=enterprise, patient=visit.patient, practice=visit.practice, doctor=visit.doctor,
                date_of_service=visit.day, claim_number=visit.claim, estimate=bool(visit.estimate),
            )  # fmt: skip
            new.append(visit.invoice)
    changed = [(visit.invoice, visit.changes) for visit in visits if visit.invoice and visit.changes]
    return writing.create(new) + _changed(changed)


def _lines(enterprise: Enterprise, visits: Sequence[FileVisit]) -> list[Written]:
    told = [(visit, line) for visit in visits for line in visit.lines]
    new = [
        LineItem(enterprise=enterprise, invoice=visit.invoice, **columns_of(line.charge))
        for visit, line in told
        if line.word == NEW
    ]
    return writing.create(new) + _changed([(line.line, line.changes) for _, line in told if line.line])


def _changed(records: Sequence[tuple[Mirror, Changes]]) -> list[Written]:
    """Only the columns that some row changes are written; what they held is remembered."""
    changed = [(record, changes) for record, changes in records if changes]
    for record, changes in changed:
        put(record, {name: now for name, (_, now) in changes.items()})
    writing.save([record for record, _ in changed], {name for _, changes in changed for name in changes})
    return [
        Written(record, dict(kept(name, was) for name, (was, _) in changes.items()))
        for record, changes in changed
    ]


def _payments(enterprise: Enterprise, payments: Sequence[tuple[FileVisit, FilePayment]]) -> list[Written]:
    for visit, said in payments:
        said.payment = Payment(
            enterprise=enterprise, patient=visit.patient, amount_cents=said.cents, method=said.method,
            description=said.description, paid_on=said.paid_on, source_key=said.key,
        )  # fmt: skip
    return writing.create([said.payment for _, said in payments if said.payment])


def _applied(
    enterprise: Enterprise,
    payments: Sequence[tuple[FileVisit, FilePayment]],
    patients: dict[int, Patient],
    *,
    spread: bool,
) -> list[Written]:
    """What is applied, worked out over the accounts as they are with the new charges in."""
    payers = {visit.patient.pk for visit, _ in payments if visit.patient}
    open_bills = {pk: {bill.key: bill for bill in whole.bills} for pk, whole in accounts(payers).items()}
    invoices = {v.invoice.pk: v.invoice for v, _ in payments if v.invoice}
    parts: list[tuple[int, FilePayment, int]] = []
    for visit, said in payments:
        bills = open_bills[visit.patient.pk] if visit.patient else {}
        named = visit.invoice.pk if visit.invoice else None
        parts += _shares(bills, said, named, spread=spread)
    invoices.update(
        Invoice.objects.select_related("patient").in_bulk({key for key, _, _ in parts} - set(invoices))
    )
    for invoice in invoices.values():
        invoice.patient = patients[invoice.patient_id]
    return writing.create(
        [
            InvoicePayment(
                enterprise=enterprise, payment=said.payment, invoice=invoices[key], amount_cents=cents,
                reason=said.reason,
            )
            for key, said, cents in parts
        ]
    )  # fmt: skip


def _shares(
    bills: dict[int, Bill], said: FilePayment, named: int | None, *, spread: bool
) -> list[tuple[int, FilePayment, int]]:
    """(invoice, payment, cents): to the one it names up to its balance, else over the oldest open ones."""
    insurance, left = said.method == Payment.Method.INSURANCE, said.cents
    if named is None and not spread:
        return []
    shares = []
    for key in [named] if named is not None else list(bills):
        asked = max(0, bills[key].balance) if named is not None else _asked(bills[key], insurance=insurance)
        cents = min(left, asked)
        if cents > 0 or (named is not None and said.cents == 0 and said.reason is not None):
            shares.append((key, said, cents))
            bills[key] = replace(bills[key], applied=[*bills[key].applied, Applied(cents, insurance)])
            left -= cents
    return shares


def _asked(bill: Bill, *, insurance: bool) -> int:
    """What a payment that names no invoice would pay of this one (as records.paying spreads it)."""
    if bill.estimate or bill.deleted:
        return 0
    if insurance:
        return min(bill.insurance_balance, bill.balance) if bill.waits_for_insurance else 0
    return max(0, bill.balance) if bill.counts else 0
