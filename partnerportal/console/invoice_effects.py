"""What a person would owe without an invoice or a line, said before it is deleted. Imports the ledger."""

from __future__ import annotations

from dataclasses import replace

from partnerportal.kernel.money import dollars, owed
from partnerportal.records.balances import Account, Bill, breakdown
from partnerportal.records.ledger import account, line_of
from partnerportal.records.models import Invoice, LineItem


def without_line(line: LineItem) -> str:
    """ "Ed Edison owes $90.00 instead of $165.00." """
    patient, gone = line.invoice.patient, line_of(line)
    whole = account(patient)

    def changed(bill: Bill) -> Bill:
        kept = list(bill.lines)
        kept.remove(gone)
        return replace(bill, lines=kept)

    return _instead(patient.name or patient.short_id, whole, _with(whole, line.invoice_id, changed))


def without_invoice(invoice: Invoice) -> str:
    """The same; what patients' payments had applied to it becomes their credit."""
    patient = invoice.patient
    whole = account(patient)
    bill = next(bill for bill in whole.bills if bill.key == invoice.pk)
    freed = sum(part.amount for part in bill.applied if not part.insurance)
    now = _with(whole, invoice.pk, lambda bill: replace(bill, deleted=True))
    said = _instead(patient.name or patient.short_id, whole, now, freed)
    all_of_it = sum(part.amount for part in bill.applied)
    return f"{said} {dollars(all_of_it)} applied to it is taken off it first." if all_of_it else said


def line_words(line: LineItem) -> str:
    """A line in a few words: what, how much."""
    amounts = line_of(line)
    part = dollars(amounts.patients_part)
    return f"{line.description}, {dollars(amounts.total)} charged, {part} the patient's"


def _with(whole: Account, key: int, change: object) -> Account:
    bills = [change(bill) if bill.key == key else bill for bill in whole.bills]  # type: ignore[operator]
    return replace(whole, bills=bills)


def _instead(name: str, before: Account, after: Account, freed: int = 0) -> str:
    was, now = breakdown(before).owes, breakdown(after).owes - freed
    if was == now:
        return f"{name} owes {owed(was)} as before."
    return f"{name} owes {owed(now)} instead of {owed(was)}."
